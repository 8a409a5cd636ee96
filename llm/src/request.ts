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
