import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort, startService, until } from '@framebus/test';
import t from 'tap';
import { suite } from '../suite.js';

t.test('the suite says how it is called', async (t) => {
  for (const [args, says] of [
    [[], '--url is missing'],
    [['--url', 'https://a'], 'https://a: expected http://HOST:PORT'],
    [['--url', 'http://a', '--down', 'nats'], '--down nats: expected ingest, llm, vllm'],
  ] as const) {
    const run = promisify(execFile)(process.execPath, [suite, ...args]);
    await t.rejects(run, { code: 2, stderr: new RegExp(`^${says}`) });
  }
});

t.test('the suite finds what is wrong', async (t) => {
  const port = await freePort();
  await using _llm = await startService('llm', { LLM_PORT: `${port}` });
  const url = `http://127.0.0.1:${port}`;
  await until('it answers', async () => (await fetch(`${url}/healthz`)).ok);
  const run = promisify(execFile)(process.execPath, [suite, '--url', url, '--skip-limit'], {
    env: { ...process.env, TAP: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { code, stdout } = await run.then(
    () => ({ code: 0, stdout: '' }),
    (error) => error,
  );
  t.equal(code, 1);
  t.match(stdout, /^not ok .* POST \/v1\/chat\/completions without a key: 401/m);
  t.match(stdout, /^not ok .* \/metrics: 404/m);
});
