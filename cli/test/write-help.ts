import { readFile, writeFile } from 'node:fs/promises';
import { helpFile, withHelp } from './help.js';

await writeFile(helpFile, withHelp(await readFile(helpFile, 'utf8')));
