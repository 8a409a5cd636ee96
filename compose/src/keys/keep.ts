import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allFile, filesOf } from './files.js';
import { type Passwords, passwords as settings } from './settings.js';

/**
 * Writes every file under `folder`. What `given` leaves empty is taken from the last time, else made up.
 * Returns the variables that were made up now.
 */
export async function keepPasswords(folder: string, given: Passwords): Promise<string[]> {
  const kept = await readKept(join(folder, allFile));
  const made: string[] = [];
  const chosen = Object.fromEntries(
    Object.entries(settings).map(([key, { name }]) => {
      const password = given[key as keyof Passwords] || kept.get(name);
      if (password !== undefined) return [key, password];
      made.push(name);
      return [key, `k${randomBytes(18).toString('hex')}`];
    }),
  ) as Passwords;
  for (const [file, text] of filesOf(chosen)) await writeWhole(join(folder, file), text);
  return made;
}

async function readKept(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return new Map(
    [...text.matchAll(/^(\w+)=(\w+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Readers run as other users; each sees only its own folder. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o644 });
  await rename(draft, path);
}
