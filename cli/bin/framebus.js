#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A file that is there before anything is compiled, so that npm can link it.
const main = new URL('../dist/src/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write(
    'framebus: not compiled yet: npm run build, or npm start, which does it too\n',
  );
  process.exitCode = 2;
}
