import { readFile } from 'node:fs/promises';
import t from 'tap';
import { exitCodes } from '../src/errors.js';
import { helpFile, withHelp } from './help.js';

const docs = await readFile(helpFile, 'utf8');

t.test('docs/cli.md shows the help of every command as it is', async (t) => {
  t.equal(docs, withHelp(docs), 'npm run docs writes it');
});

t.test('docs/cli.md tells every exit code', async (t) => {
  const told = [...docs.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  t.same(told, Object.values(exitCodes));
});
