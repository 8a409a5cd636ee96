import { readFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';
import { writeWhole } from './whole-file.js';

/** Keys by their variables, one `NAME=key` a line. Empty when there is no file. @throws ConfigError */
export async function readKeysFile(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new ConfigError([`KEYS_FILE: ${error.message}`]);
  });
  const keys = new Map<string, string>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, key] = /^(\w+)=([\w.~-]{1,128})$/.exec(line) ?? [];
    if (name === undefined || key === undefined) {
      throw new ConfigError([`KEYS_FILE: ${file}:${i + 1}: expected NAME=key`]);
    }
    keys.set(name, key);
  }
  return keys;
}

/** For the owner's eyes only. @throws ConfigError */
export async function writeKeysFile(
  file: string,
  keys: ReadonlyMap<string, string>,
): Promise<void> {
  const lines = [...keys].map(([name, key]) => `${name}=${key}\n`);
  await writeWhole('KEYS_FILE', file, lines.join(''), 0o600);
}
