#!/usr/bin/env node
// Prints the licences of all packages in package-lock.json, dependencies and devDependencies apart: other licences may do
// where nothing is passed on. Ends with 1 when one is not on the list.
import { readFileSync } from 'node:fs';

const shipped = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'],
  ...[
    'CC0-1.0',
    'Unlicense',
    'CC-BY-3.0',
    '(MIT OR CC0-1.0)',
    '(WTFPL OR MIT)',
    'MIT OR Apache-2.0',
  ],
  // libvips, a library that sharp loads and that anyone can replace.
  ...['LGPL-3.0-or-later', 'Apache-2.0 AND LGPL-3.0-or-later'],
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  'Bitstream-Vera AND LicenseRef-Public-Domain',
]);
// axe-core, which the page's tests load as it is: MPL asks for the source of files that are changed and passed on.
const development = new Set([...shipped, 'MPL-2.0']);
/** Packages that tell it in their files alone, looked up by hand. */
const told = {
  ...{ async: 'MIT', 'jsonc-simple-parser': 'MIT' },
  'dejavu-fonts-ttf': 'Bitstream-Vera AND LicenseRef-Public-Domain',
};

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const packages = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
);
const strange = [];
for (const [title, allowed, dev] of [
  ['dependencies', shipped, false],
  ['devDependencies', development, true],
]) {
  const counts = new Map();
  for (const [path, one] of packages) {
    // npm marks as `devOptional` what is one for some and the other for others.
    if ((one.dev ?? false) !== dev) continue;
    const name = path.split('node_modules/').at(-1);
    const licence = told[name] ?? one.license ?? 'none told';
    counts.set(licence, (counts.get(licence) ?? 0) + 1);
    if (!allowed.has(licence)) strange.push(`${name}: ${licence}, of ${title}`);
  }
  console.log(`${title}:`);
  for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(4)} ${licence}`);
  }
}
if (strange.length > 0) {
  console.error(`not on the list:\n${strange.join('\n')}`);
  process.exitCode = 1;
}
