import { readFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';
import { Fuzz, fuzzCases, repositoryFile, runCases } from '@framebus/test';
import t from 'tap';
import { stringify } from 'yaml';
import { parseDeclaration } from '../src/declaration.js';

const cases = fuzzCases(60);
const file = await readFile(repositoryFile('gateway/kong.yml'), 'utf8');
const whole = parseDeclaration(file, 'kong.yml').written;
/** One service and one consumer: the same kinds of entries in a tenth of the text. */
const small = {
  ...whole,
  services: whole.services?.slice(0, 1),
  upstreams: whole.upstreams?.slice(0, 1),
  consumers: whole.consumers?.slice(0, 1),
};
const text = stringify(small);

function parse(hostile: string): boolean {
  try {
    parseDeclaration(hostile, 'kong.yml');
    return true;
  } catch (error) {
    if (error instanceof ConfigError && error.mistakes.length > 0) return false;
    throw error;
  }
}

t.test(`${cases} spoilt declarations are taken or refused in words`, async (t) => {
  let taken = 0;
  const grown = await runCases(cases, (fuzz: Fuzz, seed) => {
    const hostile =
      seed % 2 === 0
        ? stringify(fuzz.spoiltJson(small))
        : fuzz.spoilt(Buffer.from(text)).toString('utf8');
    if (parse(hostile)) taken += 1;
  });
  t.ok(taken < cases * 0.9, `${taken} taken`);
  t.ok(grown < 8 * 1024 * 1024, `memory grew by ${grown} bytes`);
});

t.test('aliases that unfold without end are refused', async (t) => {
  const levels = Array.from({ length: 12 }, (_, at) => {
    const before = at === 0 ? '1' : `*a${at - 1}`;
    return `a${at}: &a${at} [${Array(10).fill(before).join(', ')}]`;
  });
  t.throws(() => parseDeclaration(levels.join('\n'), 'kong.yml'), ConfigError);
  for (const odd of ['', '&a *a', '? ? ?', '!!js/function x', `${'['.repeat(5_000)}`]) {
    t.throws(() => parseDeclaration(odd, 'kong.yml'), ConfigError, odd.slice(0, 20));
  }
});
