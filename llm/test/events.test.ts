import { setTimeout } from 'node:timers/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { eventsIn, hello, post, postUnread, startServer } from './server.js';

const llm = await startServer();
t.teardown(() => llm[Symbol.asyncDispose]());

const choice = (delta: object, finish_reason: string | null = null) => [
  { index: 0, delta, logprobs: null, finish_reason },
];
const expected = [
  choice({ role: 'assistant', content: '' }),
  choice({ content: 'Echo:' }),
  choice({ content: ' one' }),
  choice({ content: ' two' }),
  choice({ content: ' three' }),
  choice({}, 'stop'),
];

t.test('a stream is server-sent events that no proxy keeps back', async (t) => {
  const response = await post(llm, { ...hello, stream: true });
  t.equal(response.status, 200);
  t.equal(response.headers.get('content-type'), 'text/event-stream');
  t.equal(response.headers.get('cache-control'), 'no-cache');
  t.equal(response.headers.get('x-accel-buffering'), 'no');
  await response.text();
});

t.test('a stream is a role, the tokens, the reason of its end, and [DONE]', async (t) => {
  const events = await eventsIn(await post(llm, { ...hello, stream: true }));
  t.equal(events.pop(), '[DONE]');
  const chunks = events.map((event) => JSON.parse(event));
  const { id, created } = chunks[0];
  t.match(id, /^chatcmpl-mock-./);
  t.strictSame(
    chunks,
    expected.map((choices) => ({
      ...{ id, object: 'chat.completion.chunk', created, model: 'mock-llm', choices },
    })),
  );
});

t.test('include_usage adds one chunk with the usage and a null to the others', async (t) => {
  const stream_options = { include_usage: true };
  const events = await eventsIn(await post(llm, { ...hello, stream: true, stream_options }));
  t.equal(events.pop(), '[DONE]');
  t.strictSame(
    events.map((event) => JSON.parse(event)).map(({ choices, usage }) => ({ choices, usage })),
    [
      ...expected.map((choices) => ({ choices, usage: null })),
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
    ],
  );
});

t.test('max_tokens cuts a stream and says so', async (t) => {
  const events = await eventsIn(await post(llm, { ...hello, stream: true, max_tokens: 2 }));
  t.strictSame(
    events.slice(1, -1).map((event) => JSON.parse(event).choices),
    [choice({ content: 'Echo:' }), choice({ content: ' one' }), choice({}, 'length')],
  );
});

t.test('a client that does not read holds the stream back, and the server rests', async (t) => {
  // Half a million events, 90 MB: sent without regard they would keep the server busy for long.
  const messages = [{ role: 'user', content: 'a '.repeat(500_000) }];
  const client = postUnread(llm, { ...hello, stream: true, messages });
  t.teardown(() => client.destroy());
  await until('the stream is under way', () => llm.running === 1);
  await until('the server rests', async () => {
    const before = performance.eventLoopUtilization();
    await setTimeout(300);
    return performance.eventLoopUtilization(before).utilization < 0.2;
  });
  t.equal(llm.running, 1);
});
