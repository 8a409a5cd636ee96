import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { errorCodes } from '../src/errors.js';
import { settings } from '../src/settings.js';

const readme = await readFile(repositoryFile('llm/README.md'), 'utf8');

/** The rows of the table under a heading, without the marks of code. */
function rowsUnder(heading: string): string[][] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => line.replaceAll('`', '').slice(2, -2).split(' | '));
}

t.test("the README's settings are those of the code", async (t) => {
  t.strictSame(
    rowsUnder('Settings'),
    Object.values(settings).map(({ name, fallback, about }) => [name, fallback, about]),
  );
});

t.test("the README's error codes are those of the code", async (t) => {
  t.strictSame(
    rowsUnder('Errors'),
    Object.entries(errorCodes).map(([code, [status, type]]) => [code, String(status), type]),
  );
});
