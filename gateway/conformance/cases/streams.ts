import type { Test } from 'tap';
import { ask, type Reply } from '../client.js';
import type { Options } from '../options.js';

/** Ten words, one each 100 ms where the mock answers. */
function streamed(origin: URL, path: string, apikey: string, more: object): Promise<Reply> {
  const messages = [{ role: 'user', content: 'one two three four five six seven eight nine' }];
  return ask(origin, path, {
    method: 'POST',
    headers: { apikey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ messages, stream: true, ...more }),
  });
}

function eventsAreWhole(t: Test, { status, headers, text }: Reply): void {
  t.equal(status, 200);
  t.match(headers['content-type'], /^text\/event-stream/);
  const events = text.split('\n\n');
  t.equal(events.pop(), '', 'the last event has an end');
  t.equal(events.pop(), 'data: [DONE]');
  const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, '')));
  t.ok(chunks.length > 1, `${chunks.length} chunks`);
  t.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk'));
}

function piecesAreSpread(t: Test, { gapsMs }: Reply): void {
  const late = gapsMs.filter((gap) => gap > 30).length;
  t.ok(late >= 5, `${late} of ${gapsMs.length} pieces came by themselves`);
}

/** Server-sent events arrive as they are made. */
export function streams(t: Test, options: Options): void {
  const { url, tlsUrl, llmKey, vllmModel, down } = options;
  const mock = { model: 'mock-llm', tokens_per_second: 10 };
  for (const origin of tlsUrl === undefined ? [url] : [url, tlsUrl]) {
    const skip = down.includes('llm') && 'llm is down';
    t.test(`a stream of ${origin.protocol}//…/v1 comes word by word`, { skip }, async (t) => {
      const reply = await streamed(origin, '/v1/chat/completions', llmKey, mock);
      eventsAreWhole(t, reply);
      piecesAreSpread(t, reply);
    });
  }
  const noModel = vllmModel === undefined && 'no --vllm-model';
  t.test('vLLM answers, whole and as a stream', { skip: noModel }, async (t) => {
    const own = { model: vllmModel, max_tokens: 64 };
    eventsAreWhole(t, await streamed(url, '/v2/chat/completions', llmKey, own));
    const whole = await streamed(url, '/v2/chat/completions', llmKey, { ...own, stream: false });
    t.equal(whole.status, 200);
    t.match(JSON.parse(whole.text), {
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: String } }],
      usage: { total_tokens: Number },
    });
  });
}
