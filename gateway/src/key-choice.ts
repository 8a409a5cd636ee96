import { randomBytes } from 'node:crypto';
import { ConfigError } from '@framebus/contract/service';
import type { KeyReplacement } from './keys.js';
import { readKeysFile, writeKeysFile } from './keys-file.js';

/** The keys that the documentation shows; the file has them. */
export const documentedKeys = {
  VIDEO_API_KEY: 'video-api-key-001',
  LLM_API_KEY: 'llm-api-key-001',
} as const;

type Variable = keyof typeof documentedKeys;
const variables: readonly Variable[] = ['VIDEO_API_KEY', 'LLM_API_KEY'];

export interface KeySources {
  /** What the environment says; none: not set. */
  readonly given: Readonly<Record<Variable, readonly string[]>>;
  /** Whether the documented keys may be used. */
  readonly demo: boolean;
  /** File of keys that were made up; empty: none are. */
  readonly keysFile: string;
}

export interface ChosenKeys {
  readonly replacements: readonly KeyReplacement[];
  /** Keys made up just now, by their variables. */
  readonly made: ReadonlyMap<string, string>;
}

/**
 * The keys that open the gateway: those given, else documented ones where that is allowed, else
 * those of the file, where missing ones are made up and kept. @throws ConfigError
 */
export async function chooseKeys({ given, demo, keysFile }: KeySources): Promise<ChosenKeys> {
  const kept = keysFile === '' ? new Map<string, string>() : await readKeysFile(keysFile);
  const made = new Map<string, string>();
  const mistakes: string[] = [];
  const replacements = variables.map((variable): KeyReplacement => {
    const written = documentedKeys[variable];
    const keysOf = (): readonly string[] => {
      if (given[variable].length > 0) return given[variable];
      if (demo) return [written];
      const key = kept.get(variable) ?? made.get(variable);
      if (key !== undefined) return [key];
      if (keysFile === '') return [];
      made.set(variable, randomBytes(24).toString('base64url'));
      return [made.get(variable) ?? ''];
    };
    const keys = keysOf();
    if (keys.length === 0) {
      mistakes.push(
        `${variable} is not set: expected a key, KEYS_FILE to have one made up, or DEMO_KEYS=true for ${written}`,
      );
    } else if (!demo && keys.includes(written)) {
      mistakes.push(`${variable} is the key of the documentation: set another, or DEMO_KEYS=true`);
    }
    return { written, variable, keys };
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  if (made.size > 0) await writeKeysFile(keysFile, new Map([...kept, ...made]));
  return { replacements, made };
}
