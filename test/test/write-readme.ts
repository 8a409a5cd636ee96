import { readFile, writeFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import { withSettings } from './settings-tables.js';

const path = repositoryFile('README.md');
await writeFile(path, withSettings(await readFile(path, 'utf8')));
