import { until } from '@framebus/test';
import t from 'tap';
import { eventsIn, hello, post, postUnread, startServer } from './server.js';

t.test('a stop lets an answer that is nearly done finish', async (t) => {
  const llm = await startServer();
  const response = await post(llm, { ...hello, stream: true, tokens_per_second: 10 });
  await llm[Symbol.asyncDispose]();
  const events = await eventsIn(response);
  t.match(JSON.parse(events.at(-2) ?? ''), { choices: [{ finish_reason: 'stop' }] });
  t.equal(events.at(-1), '[DONE]');
});

t.test('a stop ends a long stream with an error within two seconds', async (t) => {
  const llm = await startServer();
  const response = await post(llm, { ...hello, stream: true, tokens_per_second: 0.1 });
  const began = performance.now();
  await llm[Symbol.asyncDispose]();
  t.ok(performance.now() - began < 2000, `${performance.now() - began} ms`);
  const events = await eventsIn(response);
  t.match(JSON.parse(events.at(-2) ?? ''), {
    error: { type: 'server_error', code: 'server_stopping' },
  });
  t.equal(events.at(-1), '[DONE]');
  t.equal(llm.running, 0);
});

t.test('a stop answers calls that wait for their first token with 503', async (t) => {
  const llm = await startServer();
  const calls = [
    post(llm, { ...hello, ttft_ms: 60_000 }),
    post(llm, { ...hello, ttft_ms: 60_000, stream: true }),
  ];
  await until('both wait', () => llm.running === 2);
  await llm[Symbol.asyncDispose]();
  for (const response of await Promise.all(calls)) {
    t.equal(response.status, 503);
    t.match(await response.json(), { error: { code: 'server_stopping' } });
  }
});

t.test('while it stops, new calls and healthz get 503', async (t) => {
  const llm = await startServer();
  const waiting = post(llm, { ...hello, ttft_ms: 60_000 });
  await until('one waits', () => llm.running === 1);
  const stopped = llm[Symbol.asyncDispose]();
  t.equal((await post(llm, hello)).status, 503);
  const health = await fetch(`${llm.url}/healthz`);
  t.equal(health.status, 503);
  t.match(await health.json(), { error: { code: 'server_stopping' } });
  await waiting;
  await stopped;
  await t.rejects(fetch(`${llm.url}/healthz`), 'then nothing listens');
});

t.test('a client that never reads does not hold up a stop', async (t) => {
  const llm = await startServer();
  const content = 'word '.repeat(100_000);
  const client = postUnread(llm, { ...hello, stream: true, messages: [{ role: 'user', content }] });
  await until('the stream is under way', () => llm.running === 1);
  const began = performance.now();
  await llm[Symbol.asyncDispose]();
  t.ok(performance.now() - began < 2500, `${performance.now() - began} ms`);
  t.equal(llm.running, 0);
  client.destroy();
});

t.test('clients that come and go leave nothing behind', async () => {
  await using llm = await startServer();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  for (let round = 0; round < 20; round += 1) {
    const abort = new AbortController();
    const stream = round % 2 === 0;
    const body = { ...hello, stream, ttft_ms: stream ? 0 : 60_000, tokens_per_second: 0.1 };
    const call = post(llm, body, { signal: abort.signal });
    await (stream ? call : until('it waits', () => llm.running === 1));
    abort.abort();
    await call.then((response) => response.text()).catch(() => {});
    await until('its answer ends', () => llm.running === 0);
  }
  await until('no timer is left', () => timers() <= before + 2);
});
