import { freePort, startService, until } from '@framebus/test';
import { AuthenticationError, InternalServerError, OpenAI, PermissionDeniedError } from 'openai';
import t from 'tap';
import { llmKey, type RunningGateway, startGateway, videoKey } from './kit.js';

const ask = {
  model: 'any',
  messages: [{ role: 'user' as const, content: 'one two three' }],
};

function clientOf({ port }: RunningGateway, apiKey: string = llmKey): OpenAI {
  return new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v2`, maxRetries: 0 });
}

/** Another server of OpenAI's format, in a process of its own, where vLLM would be. */
async function behindV2(env: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const server = await startService('llm', { LLM_PORT: `${port}`, ...env });
  await until('it answers', async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
  return { server, url: `http://127.0.0.1:${port}/v1` };
}

t.test("OpenAI's client talks to what is behind /v2, whole and streamed", async (t) => {
  const { server, url } = await behindV2();
  t.teardown(() => server.stop());
  await using gateway = await startGateway({ UPSTREAMS: `vllm=${url}`, VLLM_API_KEY: 'own' });
  const { chat } = clientOf(gateway);
  const whole = await chat.completions.create(ask);
  t.match(whole, { object: 'chat.completion', choices: [{ finish_reason: 'stop' }] });
  t.equal(whole.choices[0]?.message.content, 'Echo: one two three');

  const slow = { ...ask, tokens_per_second: 20, stream_options: { include_usage: true } };
  const stream = await chat.completions.create({ ...slow, stream: true });
  const arrivals: number[] = [];
  let text = '';
  let tokens: number | undefined;
  for await (const chunk of stream) {
    arrivals.push(performance.now());
    text += chunk.choices[0]?.delta.content ?? '';
    tokens = chunk.usage?.total_tokens ?? tokens;
  }
  t.equal(text, 'Echo: one two three');
  t.equal(tokens, 7);
  const late = arrivals.filter((at, i) => i > 0 && at - (arrivals[i - 1] ?? at) > 20).length;
  t.ok(late >= 3, `${late} of ${arrivals.length} chunks came by themselves`);
});

t.test('a stream that the client leaves ends behind the gateway', async (t) => {
  const { server, url } = await behindV2({ LLM_MAX_STREAMS: '1' });
  t.teardown(() => server.stop());
  await using gateway = await startGateway({ UPSTREAMS: `vllm=${url}` });
  const { completions } = clientOf(gateway).chat;
  const long = { model: 'any', messages: [{ role: 'user' as const, content: 'a '.repeat(200) }] };
  const stream = await completions.create({ ...long, ...{ tokens_per_second: 2 }, stream: true });
  for await (const chunk of stream) {
    if (!chunk.choices[0]?.delta.content) continue;
    await t.rejects(completions.create(ask), { code: 'rate_limit_exceeded', message: /at most 1/ });
    break;
  }
  await until('the place is free', () => completions.create(ask).then(() => true), {
    everyMs: 100,
  });
});

t.test("a refusal becomes the client's error", async (t) => {
  await using gateway = await startGateway({ UPSTREAMS: 'vllm=' });
  const failure = (key: string) =>
    clientOf(gateway, key)
      .chat.completions.create(ask)
      .catch((error: unknown) => error);
  t.type(await failure('wrong'), AuthenticationError);
  t.type(await failure(videoKey), AuthenticationError, 'it is no bearer token');
  const { port } = gateway;
  const video = new OpenAI({
    ...{ apiKey: 'unused', baseURL: `http://127.0.0.1:${port}/v2`, maxRetries: 0 },
    defaultHeaders: { apikey: videoKey },
  });
  const foreign = await video.chat.completions.create(ask).catch((error: unknown) => error);
  t.type(foreign, PermissionDeniedError);
  const none = await failure(llmKey);
  t.type(none, InternalServerError);
  t.match(none, {
    ...{ status: 503, code: 'vllm_not_running', type: 'server_error' },
    message: '503 No vLLM runs behind this gateway.',
  });
});
