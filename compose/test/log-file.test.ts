import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LogFile } from '../src/log-file.js';

t.test('a log keeps its newest lines in two bounded files', async (t) => {
  const path = join(t.testdir(), 'one.log');
  using log = new LogFile(path, 100);
  for (let i = 0; i < 95; i++) log.write(Buffer.from(`line ${String(i).padStart(4)}\n`));
  const [newest, before] = [path, `${path}.1`].map((file) => readFileSync(file, 'utf8'));
  t.ok(newest?.endsWith('line   94\n'));
  t.equal(before?.length, 100);
  const lines = `${before}${newest}`.trim().split('\n');
  t.same(
    lines,
    Array.from({ length: lines.length }, (_, i) => `line   ${95 - lines.length + i}`),
  );
});
