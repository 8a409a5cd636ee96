import type { Reason, ReasonDetails } from '@framebus/contract';
import { t } from './language.js';

/** A call that was not answered with 2xx; the message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** How long the server asks to wait; 0 when it does not say. */
  readonly retryAfterMs: number;
  /** What the message says; empty where the gateway answers. */
  readonly code: string;
  readonly details: ReasonDetails;

  constructor(message: string, status: number, retryAfterMs = 0, reason: Partial<Reason> = {}) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.code = reason.code ?? '';
    this.details = reason.details ?? {};
  }
}

/** The gateway's errors and the services' both have a `message`. */
export function errorOf(response: Response, answer: unknown): ApiError {
  const { status, headers } = response;
  const { message, ...reason } = (answer ?? {}) as Partial<Reason>;
  const words = typeof message === 'string' ? message : t('link.answered', { status });
  const retryAfterS = Number(headers.get('retry-after') ?? 0);
  return new ApiError(words, status, retryAfterS > 0 ? retryAfterS * 1000 : 0, reason);
}
