import { ConfigError } from '@framebus/contract/service';

/** A key's text in the declarative file, the variable that replaces it, and its value. */
export interface KeyReplacement {
  readonly written: string;
  readonly variable: string;
  readonly key: string;
}

/**
 * Replaces keys wherever they stand in the text, all in one pass.
 * @throws ConfigError when a key was to be replaced and the text has no place for it
 */
export function replaceKeys(text: string, replacements: readonly KeyReplacement[]): string {
  const mistakes = replacements
    .filter(({ written, key }) => key !== written && !text.includes(written))
    .map(
      ({ written, variable }) => `${variable} is set, but the file has no ${written} to replace`,
    );
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const keys = new Map(replacements.map(({ written, key }) => [written, key]));
  const written = [...keys.keys()].map((word) => word.replace(/[.]/g, '\\.'));
  return text.replace(new RegExp(written.join('|'), 'g'), (word) => keys.get(word) ?? word);
}
