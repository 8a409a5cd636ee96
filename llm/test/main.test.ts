import { freePort, startService, until } from '@framebus/test';
import t from 'tap';

t.test('the process becomes ready, answers, and stops on SIGTERM with exit code 0', async (t) => {
  const port = await freePort();
  await using llm = await startService('llm', { LLM_PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await until('healthz says ok', async () => (await fetch(`${url}/healthz`)).ok);

  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'mock-llm', messages: [{ role: 'user', content: 'hi' }] }),
  });
  t.match(await response.json(), { choices: [{ message: { content: 'Echo: hi' } }] });

  await llm.stop('SIGTERM');
  t.equal(llm.process.exitCode, 0);
  t.match(llm.output, /"msg":"stopped"/);
});

t.test('wrong settings are all named, and the exit code is 2', async (t) => {
  await using llm = await startService('llm', { LLM_PORT: '70000', LLM_MAX_STREAMS: 'many' });
  await until('the process ends', () => !llm.running);
  t.equal(llm.process.exitCode, 2);
  t.match(llm.output, /LLM_PORT is "70000": expected a whole number from 0 to 65535/);
  t.match(llm.output, /LLM_MAX_STREAMS is "many": expected a whole number from 1/);
});

t.test('a port that is taken fails the start with exit code 1', async (t) => {
  const port = String(await freePort());
  await using first = await startService('llm', { LLM_PORT: port });
  await until('the first is ready', () => first.output.includes('"ready"'));
  await using second = await startService('llm', { LLM_PORT: port });
  await until('the second ends', () => !second.running);
  t.equal(second.process.exitCode, 1);
  t.match(second.output, /EADDRINUSE/);
});
