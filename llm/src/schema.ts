const integer = (minimum: number, maximum?: number) => ({
  type: ['integer', 'null'],
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
});
const decimal = (minimum: number, maximum: number) => ({
  type: ['number', 'null'],
  minimum,
  maximum,
});
const flag = { type: ['boolean', 'null'] };
const filledText = { type: 'string', minLength: 1 };
const when = (property: string, value: string, then: object) => ({
  if: { properties: { [property]: { const: value } }, required: [property] },
  then,
});

const part = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: ['text', 'image_url', 'input_audio', 'file', 'refusal'] },
  },
  allOf: [
    when('type', 'text', { required: ['text'], properties: { text: { type: 'string' } } }),
    when('type', 'image_url', {
      required: ['image_url'],
      properties: {
        image_url: { type: 'object', required: ['url'], properties: { url: { type: 'string' } } },
      },
    }),
  ],
};

const message = {
  type: 'object',
  required: ['role'],
  properties: {
    role: { enum: ['system', 'developer', 'user', 'assistant', 'tool', 'function'] },
    content: { type: ['string', 'array', 'null'], items: part },
  },
  ...when('role', 'user', {
    required: ['content'],
    properties: { content: { type: ['string', 'array'] } },
  }),
};

/** JSON schema of the body. Ranges are those of OpenAI's reference. */
export const chatRequestSchema = {
  type: 'object',
  required: ['model', 'messages'],
  properties: {
    model: filledText,
    messages: { type: 'array', items: message },
    stream: flag,
    stream_options: { type: ['object', 'null'], properties: { include_usage: flag } },
    max_tokens: integer(1),
    max_completion_tokens: integer(1),
    stop: { type: ['string', 'array', 'null'], minLength: 1, maxItems: 4, items: filledText },
    n: integer(1, 1),
    temperature: decimal(0, 2),
    top_p: decimal(0, 1),
    presence_penalty: decimal(-2, 2),
    frequency_penalty: decimal(-2, 2),
    logprobs: flag,
    top_logprobs: integer(0, 20),
    seed: { type: ['integer', 'null'] },
    user: { type: ['string', 'null'] },
    ttft_ms: integer(0, 600_000),
    tokens_per_second: decimal(0.01, 100_000),
  },
};
