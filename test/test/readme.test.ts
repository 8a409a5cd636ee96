import { readFile } from 'node:fs/promises';
import { portsOf } from '@framebus/compose/dist/src/ports.js';
import { settings as local } from '@framebus/compose/dist/src/settings.js';
import { streams } from '@framebus/contract';
import { readSettings } from '@framebus/contract/service';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { withSettings } from './settings-tables.js';

const readme = await readFile(repositoryFile('README.md'), 'utf8');

t.test('the README’s tables of settings equal the code', async (t) => {
  t.equal(readme, withSettings(readme), 'npm run docs writes them');
});

t.test('the README’s table of ports equals the code', async (t) => {
  const ports = portsOf(readSettings(local, {}));
  const rows = readme.matchAll(/^\| (\d+) \| .* \| `(\w+)` \|$/gm);
  const told = [...rows].map(([, port, setting]) => `${setting} ${port}`).sort();
  t.same(told, ports.map(({ port, setting }) => `${setting} ${port}`).sort());
});

t.test('the README’s table of subjects equals the streams', async (t) => {
  for (const { name, subjects } of streams) {
    for (const subject of subjects) {
      const row = new RegExp(
        `^\\| \`${subject.replace('.*', '.<session>')}\` \\| .* \\| ${name}`,
        'm',
      );
      t.match(readme, row);
    }
  }
  const told = [...readme.matchAll(/^\| `(\w+)\.<session>` \|/gm)].map(([, kind]) => `${kind}.*`);
  t.same(told.sort(), streams.flatMap(({ subjects }) => [...subjects]).sort());
});

t.test('the README’s keys are those of the gateway’s file', async (t) => {
  const file = await readFile(repositoryFile('gateway/kong.yml'), 'utf8');
  const told = [...readme.matchAll(/^\| `([\w-]+-api-key-\d+)` \|/gm)].map(([, key]) => key);
  const keys = new Set([...file.matchAll(/\w+-api-key-\d+/g)].map(([key]) => key));
  t.same(told.sort(), [...keys].sort());
});
