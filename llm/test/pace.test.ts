import t from 'tap';
import { hello, post, startServer } from './server.js';

const llm = await startServer();
t.teardown(() => llm[Symbol.asyncDispose]());

/** Milliseconds from the call to each token of the stream. */
async function tokenTimes(body: object): Promise<number[]> {
  const began = performance.now();
  const response = await post(llm, { ...hello, ...body, stream: true });
  const times: number[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    const tokens = decoder.decode(bytes, { stream: true }).match(/"content":"[^"]/g) ?? [];
    for (const _ of tokens) times.push(performance.now() - began);
  }
  return times;
}

async function plainTime(body: object): Promise<number> {
  const began = performance.now();
  await (await post(llm, { ...hello, ...body })).json();
  return performance.now() - began;
}

// The upper bounds leave room for a busy machine.
t.test('ttft_ms delays the first token of a stream and nothing after it', async (t) => {
  const times = await tokenTimes({ ttft_ms: 300 });
  t.equal(times.length, 4);
  t.ok(Math.min(...times) >= 300, `first after ${times[0]} ms`);
  t.ok(Math.max(...times) < 1000, `last after ${times.at(-1)} ms`);
});

t.test('ttft_ms delays a plain answer', async (t) => {
  const took = await plainTime({ ttft_ms: 300 });
  t.ok(took >= 300 && took < 1000, `${took} ms`);
});

t.test('tokens_per_second spreads the tokens after the first', async (t) => {
  const times = await tokenTimes({ ttft_ms: 100, tokens_per_second: 10 });
  t.equal(times.length, 4);
  times.forEach((time, index) => {
    const due = 100 + index * 100;
    t.ok(time >= due && time < due + 700, `token ${index} after ${time} ms, due at ${due}`);
  });
});

t.test('a plain answer takes as long as the stream would', async (t) => {
  const took = await plainTime({ ttft_ms: 100, tokens_per_second: 10 });
  t.ok(took >= 400 && took < 1100, `${took} ms`);
});

t.test('a rate above one token a millisecond is kept', async (t) => {
  const messages = [{ role: 'user', content: 'word '.repeat(1999) }];
  const times = await tokenTimes({ messages, tokens_per_second: 4000 });
  t.equal(times.length, 2000);
  const last = times.at(-1) ?? 0;
  t.ok(last >= 499 && last < 1500, `2000 tokens in ${last} ms, due in 500`);
});

t.test('without a pace nothing waits', async (t) => {
  const took = await plainTime({});
  t.ok(took < 250, `${took} ms`);
});
