import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunning, until } from '@framebus/test';
import t from 'tap';
import { Member } from '../../src/member.js';

const folder = t.testdir();

t.test('a service whose stop hangs says so and kills itself after 10 s', async (t) => {
  const script = fileURLToPath(new URL('../hang-in-stop.js', import.meta.url));
  const env = { ...process.env, LOG_FORMAT: 'json' };
  const service = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => service.kill('SIGKILL'));
  let said = '';
  service.stdout.on('data', (piece: Buffer) => {
    said += piece;
  });
  await until('it runs', () => said.includes('ready'));
  const closed = once(service, 'close');
  const toldAt = performance.now();
  service.kill('SIGTERM');
  t.same(await closed, [null, 'SIGKILL']);
  const tookMs = performance.now() - toldAt;
  t.ok(tookMs >= 10_000 && tookMs < 20_000, `after ${Math.round(tookMs)} ms`);
  t.match(said, 'stop took too long');
});

t.test('the supervisor kills what does not heed SIGTERM, and what that started', async (t) => {
  const file = join(folder, 'child');
  const deaf = `trap '' TERM; sleep 600 & echo $! > ${file}; while :; do sleep 1; done`;
  const spec = { name: 'deaf', command: 'bash', args: ['-c', deaf] };
  const member = new Member(spec, folder, (words) => t.comment(words));
  member.start();
  await until('it runs', () => existsSync(file));
  const { pid = 0 } = member;
  const toldAt = performance.now();
  await member.stop();
  const tookMs = performance.now() - toldAt;
  t.ok(tookMs >= 11_000 && tookMs < 20_000, `after ${Math.round(tookMs)} ms`);
  await until('nothing is left of its group', () => !isRunning(-pid));
});
