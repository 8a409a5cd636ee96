import type { Answer } from './answer.js';

/** The answer as one `chat.completion` object. */
export function completionOf({ id, created, model, text, finishReason, usage }: Answer) {
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage,
  };
}
