#!/usr/bin/env node
// Prints the licences of all packages in package-lock.json, and ends with 1 when one is not on the list.
import { readFileSync } from 'node:fs';

const allowed = new Set([
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
/** Packages that tell it in their files alone, looked up by hand. */
const told = {
  ...{ async: 'MIT', 'jsonc-simple-parser': 'MIT' },
  'dejavu-fonts-ttf': 'Bitstream-Vera AND LicenseRef-Public-Domain',
};

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const counts = new Map();
const strange = [];
for (const [path, { license, link }] of Object.entries(lock.packages)) {
  const name = path.split('node_modules/').at(-1);
  if (!path.includes('node_modules/') || link) continue;
  const licence = told[name] ?? license ?? 'none told';
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (!allowed.has(licence)) strange.push(`${name}: ${licence}`);
}
for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a)) {
  console.log(`${String(count).padStart(4)} ${licence}`);
}
if (strange.length > 0) {
  console.error(`not on the list:\n${strange.join('\n')}`);
  process.exitCode = 1;
}
