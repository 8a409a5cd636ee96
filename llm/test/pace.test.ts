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

/** Measures until it is `inTime`, five times at most: a busy machine may be late now and then, a wrong pace always is. */
async function measured<T>(measure: () => Promise<T>, inTime: (value: T) => boolean): Promise<T> {
  for (let left = 4; ; left--) {
    const value = await measure();
    if (left === 0 || inTime(value)) return value;
  }
}

const last = (times: readonly number[]) => times.at(-1) ?? Number.NaN;

t.test('ttft_ms delays the first token of a stream and nothing after it', async (t) => {
  const measure = () => tokenTimes({ ttft_ms: 300 });
  const times = await measured(measure, (times) => last(times) < 1000);
  t.equal(times.length, 4);
  t.ok(Math.min(...times) >= 300, `first after ${times[0]} ms`);
  t.ok(last(times) < 1000, `last after ${last(times)} ms`);
});

t.test('ttft_ms delays a plain answer', async (t) => {
  const took = await measured(
    () => plainTime({ ttft_ms: 300 }),
    (took) => took < 1000,
  );
  t.ok(took >= 300 && took < 1000, `${took} ms`);
});

t.test('tokens_per_second spreads the tokens after the first', async (t) => {
  const due = (index: number) => 100 + index * 100;
  const inTime = (time: number, index: number) => time < due(index) + 700;
  const times = await measured(
    () => tokenTimes({ ttft_ms: 100, tokens_per_second: 10 }),
    (times) => times.every(inTime),
  );
  t.equal(times.length, 4);
  times.forEach((time, index) => {
    const words = `token ${index} after ${time} ms, due at ${due(index)}`;
    t.ok(time >= due(index) && inTime(time, index), words);
  });
});

t.test('a plain answer takes as long as the stream would', async (t) => {
  const took = await measured(
    () => plainTime({ ttft_ms: 100, tokens_per_second: 10 }),
    (took) => took < 1100,
  );
  t.ok(took >= 400 && took < 1100, `${took} ms`);
});

t.test('a rate above one token a millisecond is kept', async (t) => {
  const messages = [{ role: 'user', content: 'word '.repeat(1999) }];
  const times = await measured(
    () => tokenTimes({ messages, tokens_per_second: 4000 }),
    (times) => last(times) < 1500,
  );
  t.equal(times.length, 2000);
  t.ok(last(times) >= 499 && last(times) < 1500, `2000 tokens in ${last(times)} ms, due in 500`);
});

t.test('without a pace nothing waits', async (t) => {
  const took = await measured(
    () => plainTime({}),
    (took) => took < 250,
  );
  t.ok(took < 250, `${took} ms`);
});
