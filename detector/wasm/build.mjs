// npm run -w detector wasm: compiles stretch.ts into ../src/stretch-wasm.ts. The compiler is fetched from npm for it,
// since nothing else needs it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('stretch.ts', import.meta.url));
const out = join(mkdtempSync(join(tmpdir(), 'stretch-')), 'stretch.wasm');
execFileSync(
  'npx',
  [
    ...['--yes', '--package=assemblyscript@0.28.20', 'asc', source, '--outFile', out],
    ...['--enable', 'simd', '--runtime', 'stub', '-O3', '--noAssert', '--use', 'abort='],
  ],
  { stdio: 'inherit' },
);
const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
const base64 = readFileSync(out).toString('base64');
writeFileSync(
  new URL('../src/stretch-wasm.ts', import.meta.url),
  `// Written by wasm/build.mjs of wasm/stretch.ts.

/** SHA-256 of the source, in hex. */
export const sourceHash = '${hash}';

/** The module, in base64. */
export const stretchWasm =
  '${base64}';
`,
);
