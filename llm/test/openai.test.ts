import { until } from '@framebus/test';
import { APIUserAbortError, BadRequestError, NotFoundError, OpenAI, RateLimitError } from 'openai';
import t from 'tap';
import type { Llm } from '../src/llm.js';
import { startServer } from './server.js';

const user = (content: string) => ({
  model: 'mock-llm',
  messages: [{ role: 'user' as const, content }],
});
// Fields of ours, which the client sends on without knowing them.
const late = { ttft_ms: 60_000 };
const slow = { tokens_per_second: 0.1 };

const clientOf = ({ url }: Llm) =>
  new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0, timeout: 10_000 });

t.test('a plain answer echoes the last user message', async (t) => {
  await using llm = await startServer();
  const completion = await clientOf(llm).chat.completions.create({
    model: 'any-model',
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'Echo: first' },
      { role: 'user', content: 'what do  you see?' },
    ],
  });
  t.match(completion.id, /^chatcmpl-mock-./);
  t.match(completion._request_id, /^req_./);
  t.equal(completion.object, 'chat.completion');
  t.equal(completion.model, 'any-model');
  t.ok(Math.abs(completion.created - Date.now() / 1000) < 5, 'created is in seconds');
  t.same(completion.choices, [
    {
      index: 0,
      message: { role: 'assistant', content: 'Echo: what do  you see?', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ]);
  t.same(completion.usage, { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 });
});

t.test('a conversation without a user message is greeted', async (t) => {
  await using llm = await startServer();
  const { choices } = await clientOf(llm).chat.completions.create({
    model: 'mock-llm',
    messages: [{ role: 'system', content: 'be brief' }],
  });
  t.equal(choices[0]?.message.content, 'Hello from mock LLM.');
});

t.test('text parts are joined by a newline and pictures are ignored', async (t) => {
  await using llm = await startServer();
  const { choices, usage } = await clientOf(llm).chat.completions.create({
    model: 'mock-llm',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is' },
          { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAA' } },
          { type: 'text', text: 'this?' },
        ],
      },
    ],
  });
  t.equal(choices[0]?.message.content, 'Echo: what is\nthis?');
  t.equal(usage?.prompt_tokens, 3);
});

t.test('a stream gives the same text as a plain answer, white space and all', async (t) => {
  await using llm = await startServer();
  const stream = await clientOf(llm).chat.completions.create({
    ...user('  two  lines\n\tof text '),
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  t.equal(text, 'Echo:   two  lines\n\tof text ');
});

t.test('the client gathers a stream and its usage', async (t) => {
  await using llm = await startServer();
  const completion = await clientOf(llm)
    .chat.completions.stream({ ...user('hi'), stream_options: { include_usage: true } })
    .finalChatCompletion();
  t.equal(completion.choices[0]?.message.content, 'Echo: hi');
  t.equal(completion.choices[0]?.finish_reason, 'stop');
  t.same(completion.usage, { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 });
});

t.test('the one model is listed and found, another is not', async (t) => {
  await using llm = await startServer();
  const { models } = clientOf(llm);
  const { data } = await models.list();
  t.match(data, [{ id: 'mock-llm', object: 'model', owned_by: 'framebus' }]);
  t.same(await models.retrieve('mock-llm'), data[0]);
  const error = await models.retrieve('org/other').catch((error: unknown) => error);
  t.type(error, NotFoundError);
  t.match(error, { status: 404, code: 'model_not_found', param: 'model' });
});

t.test("a refusal becomes the client's error with code and param", async (t) => {
  await using llm = await startServer();
  const error = await clientOf(llm)
    .chat.completions.create({ ...user('hi'), temperature: 3 })
    .catch((error: unknown) => error);
  t.type(error, BadRequestError);
  t.match(error, {
    status: 400,
    code: 'decimal_above_max_value',
    param: 'temperature',
    type: 'invalid_request_error',
    message: /Expected a value <= 2, but got 3/,
  });
});

t.test('an aborted stream ends at once on the server too', async () => {
  await using llm = await startServer();
  const stream = await clientOf(llm).chat.completions.create({
    ...user('word '.repeat(100)),
    ...slow,
    stream: true,
  });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) break;
  }
  await until('no answer is under way', () => llm.running === 0, { timeoutMs: 2000 });
});

t.test('a call aborted before its first token ends at once on the server too', async (t) => {
  await using llm = await startServer();
  const abort = new AbortController();
  const call = clientOf(llm)
    .chat.completions.create({ ...user('hi'), ...late }, { signal: abort.signal })
    .catch((error: unknown) => error);
  await until('an answer is under way', () => llm.running === 1);
  abort.abort();
  t.type(await call, APIUserAbortError);
  await until('no answer is under way', () => llm.running === 0, { timeoutMs: 2000 });
});

t.test('one answer more than allowed is refused, and its place is free afterwards', async (t) => {
  await using llm = await startServer({ LLM_MAX_STREAMS: '1' });
  const { completions } = clientOf(llm).chat;
  const abort = new AbortController();
  const waiting = completions
    .create({ ...user('hi'), ...late }, { signal: abort.signal })
    .catch((error: unknown) => error);
  await until('an answer is under way', () => llm.running === 1);

  const error = await completions.create(user('hi')).catch((error: unknown) => error);
  t.type(error, RateLimitError);
  t.match(error, { status: 429, code: 'rate_limit_exceeded', message: /at most 1 at once/ });
  t.equal((error as RateLimitError).headers?.get('retry-after'), '1');

  abort.abort();
  await waiting;
  await until('the place is free', () => llm.running === 0);
  t.match(await completions.create(user('hi')), { object: 'chat.completion' });
});
