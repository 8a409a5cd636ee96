import { readFile, writeFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import { withSettings } from './settings-tables.js';

for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const) {
  const path = repositoryFile(file);
  await writeFile(path, withSettings(await readFile(path, 'utf8'), language));
}
