import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings as fanout } from '@framebus/fanout/dist/src/settings.js';
import { settings as ingest } from '@framebus/ingest/dist/src/settings.js';
import { settings as llm } from '@framebus/llm/dist/src/settings.js';
import { repositoryFile } from '@framebus/test';
import t from 'tap';

const folders = ['compose', 'contract', 'detector', 'fanout', 'gateway', 'ingest', 'llm'];
/** Names of limits in TypeScript, with a number or a product of numbers; those in ms bound no memory. */
const limit =
  /\b((?:max|most|remembered)(?:[A-Z]\w*|_[a-z_]+))\s*[=:]\s*([\d_]+(?:\s*\*\s*(?:[\d_]+|MiB))*)\s*[,;)]/g;
const kongLimit = /\b(minute|allowed_payload_size): (\d+)/g;
/** Of what is asked for, not of what comes in. */
const others = /Ms$|^max_width$/;

const rows = [
  ...(await readFile(repositoryFile('docs/limits.md'), 'utf8')).matchAll(
    /^\| .* \| ([\d,]+) \| .+ \| (?:setting `(\w+)`|`(\S+)` `(\w+)`) \|$/gm,
  ),
].map(([, number = '', setting, file, name]) => ({
  value: Number(number.replaceAll(',', '')),
  ...{ setting, file, name },
}));

function valueOf(product: string): number {
  const factors = product.split('*').map((factor) => factor.trim().replaceAll('_', ''));
  return factors.reduce((all, one) => all * (one === 'MiB' ? 1024 ** 2 : Number(one)), 1);
}

async function limitsIn(file: string, pattern: RegExp): Promise<string[]> {
  const text = await readFile(repositoryFile(file), 'utf8');
  return [...text.matchAll(pattern)]
    .filter(([, name = '']) => !others.test(name))
    .map(([, name, product = '']) => `${file} ${name} ${valueOf(product)}`);
}

t.test('docs/limits.md tells every limit of the code, with its value', async (t) => {
  const found = await limitsIn('gateway/kong.yml', kongLimit);
  for (const folder of folders) {
    const src = `${folder}/src`;
    const files = await readdir(repositoryFile(src), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      found.push(...(await limitsIn(join(src, file), limit)));
    }
  }
  const told = rows
    .filter(({ file }) => file)
    .map(({ file, name, value }) => `${file} ${name} ${value}`);
  t.same([...new Set(told)].sort(), [...new Set(found)].sort());
});

t.test('docs/limits.md tells the defaults of settings', async (t) => {
  const settings = Object.values({ ...fanout, ...ingest, ...llm });
  for (const { setting, value } of rows) {
    if (setting === undefined) continue;
    const found = settings.find(({ name }) => name === setting);
    t.equal(Number(found?.fallback), value, setting);
  }
});
