import { ConfigError } from '@framebus/contract/service';
import type { WrittenDeclaration } from './schema.js';

/** A key's text in the declarative file, the variable that replaces it, and what with. */
export interface KeyReplacement {
  readonly written: string;
  readonly variable: string;
  /** All of them open the same. */
  readonly keys: readonly string[];
}

/**
 * Replaces keys of consumers, also where they follow a word such as `Bearer`, in place.
 * @throws ConfigError when a key was to be replaced and the file has no place for it
 */
export function replaceKeys(
  file: WrittenDeclaration,
  replacements: readonly KeyReplacement[],
): void {
  const mistakes: string[] = [];
  for (const { written, variable, keys } of replacements) {
    let found = false;
    for (const consumer of file.consumers ?? []) {
      consumer.keyauth_credentials = (consumer.keyauth_credentials ?? []).flatMap((credential) => {
        const begin = credential.key.slice(0, -written.length);
        if (credential.key !== begin + written || !/^(\w+ )?$/.test(begin)) return [credential];
        found = true;
        return keys.map((key) => ({ ...credential, key: begin + key }));
      });
    }
    const changed = keys.length !== 1 || keys[0] !== written;
    if (changed && !found) {
      mistakes.push(`${variable} is set, but the file has no ${written} to replace`);
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}
