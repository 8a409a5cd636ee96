import type { Answer } from './answer.js';
import { ApiError } from './errors.js';
import { type Pace, waitUntil } from './pace.js';
import { tokensOf } from './tokens.js';

/** Headers of a stream; the last keeps nginx and Kong from gathering it. */
export const eventHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/**
 * The answer as server-sent events, one token each, at the given pace. When `signal` aborts
 * because the server stops, an event says so; after any other reason there is no one to tell.
 */
export async function* eventsOf(
  answer: Answer,
  pace: Pace,
  includeUsage: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { id, created, model } = answer;
  const chunk = (choices: readonly object[], usage: object | null = null) =>
    event({
      ...{ id, object: 'chat.completion.chunk', created, model, choices },
      ...(includeUsage ? { usage } : {}),
    });
  const choice = (delta: object, finishReason: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: finishReason }]);

  try {
    yield choice({ role: 'assistant', content: '' });
    let index = 0;
    for (const token of tokensOf(answer.text)) {
      await waitUntil(pace.dueAt(index), signal);
      yield choice({ content: token });
      index += 1;
    }
    yield choice({}, answer.finishReason);
    if (includeUsage) yield chunk([], answer.usage);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'client_closed_request') return;
    yield event(error);
  }
  yield 'data: [DONE]\n\n';
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
