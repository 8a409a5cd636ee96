import { randomUUID } from 'node:crypto';
import type { ChatRequest, Message } from './request.js';
import { countTokens, firstTokens } from './tokens.js';

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** What is said to a request, whichever way it is sent. */
export interface Answer {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly text: string;
  /** `length` when `max_tokens` cut the text. */
  readonly finishReason: 'stop' | 'length';
  readonly usage: Usage;
}

export function answerTo(request: ChatRequest): Answer {
  const { messages, model } = request;
  const whole = upToStop(echo(messages), [request.stop ?? []].flat());
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  const wholeTokens = countTokens(whole);
  const cut = wholeTokens > maxTokens;

  const promptTokens = messages.reduce((sum, message) => sum + countTokens(textOf(message)), 0);
  const completionTokens = cut ? maxTokens : wholeTokens;
  return {
    id: `chatcmpl-mock-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
    text: cut ? firstTokens(whole, maxTokens) : whole,
    finishReason: cut ? 'length' : 'stop',
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function echo(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === 'user');
  return last === undefined ? 'Hello from mock LLM.' : `Echo: ${textOf(last)}`;
}

/** Text parts are joined by a newline, as vLLM does; other parts have no text. */
function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .filter((part) => part.type === 'text')
    .map((part) => part.text ?? '')
    .join('\n');
}

function upToStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
