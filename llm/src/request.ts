import { ApiError } from './errors.js';

/** A part of a message. Only text is read; pictures, sound and files are taken and ignored. */
export interface Part {
  readonly type: string;
  readonly text?: string;
}

export interface Message {
  readonly role: string;
  readonly content?: string | readonly Part[] | null;
}

/** What is read of the body of `POST /v1/chat/completions`; other fields are ignored. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean | null } | null;
  readonly max_completion_tokens?: number | null;
  /** The older name of `max_completion_tokens`, which wins when both are there. */
  readonly max_tokens?: number | null;
  readonly stop?: string | readonly string[] | null;
  /** Milliseconds to the first token of a stream, 0 to 600000. Ours, not OpenAI's. */
  readonly ttft_ms?: number | null;
  /** Rate of the tokens after the first, 0.01 to 100000. Ours, not OpenAI's. */
  readonly tokens_per_second?: number | null;
}

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

/** What a schema cannot say. @throws ApiError */
export function checkCombination(request: ChatRequest): void {
  if (request.stream_options && request.stream !== true) {
    throw new ApiError(
      'invalid_value',
      "The 'stream_options' parameter is only allowed when 'stream' is true.",
      'stream_options',
    );
  }
}
