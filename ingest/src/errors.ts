import type { ReasonDetails } from '@framebus/contract';

/** A field of a call is not right. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
  readonly code = 'BAD_REQUEST';
  readonly details: ReasonDetails;

  /** @param expected words for what is right */
  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}`);
    this.details = { field, expected };
  }
}

/** STREAM_HOSTS or STREAM_ADDRESSES does not allow the host of the camera. */
export class StreamHostError extends Error {
  override readonly name = 'StreamHostError';
  readonly code = 'STREAM_HOST_NOT_ALLOWED';
  readonly details: ReasonDetails;

  constructor(host: string) {
    super(`stream_url: cameras on host ${host} are not allowed here`);
    this.details = { why: 'host', host };
  }
}

/** The scheme or the port of a camera is not allowed. */
export class StreamNotAllowedError extends Error {
  override readonly name = 'StreamNotAllowedError';
  readonly code = 'STREAM_NOT_ALLOWED';
  readonly details: ReasonDetails;

  constructor(message: string, details: ReasonDetails) {
    super(`stream_url: ${message}`);
    this.details = details;
  }
}

export class SessionNotFoundError extends Error {
  override readonly name = 'SessionNotFoundError';
  readonly code = 'SESSION_NOT_FOUND';
  readonly details: ReasonDetails;

  constructor(sessionId: string) {
    super(`no session ${sessionId}`);
    this.details = { session_id: sessionId };
  }
}

/** The session runs with another specification. */
export class SessionConflictError extends Error {
  override readonly name = 'SessionConflictError';
  readonly code = 'SESSION_CONFLICT';
  readonly details: ReasonDetails;

  constructor(sessionId: string) {
    super(`session ${sessionId} runs with other parameters: stop it first`);
    this.details = { session_id: sessionId };
  }
}

/** MAX_SESSIONS run already. */
export class TooManySessionsError extends Error {
  override readonly name = 'TooManySessionsError';
  readonly code = 'TOO_MANY_SESSIONS';
  readonly details: ReasonDetails;

  constructor(maxSessions: number) {
    super(`${maxSessions} sessions run already, which is the most allowed: stop one first`);
    this.details = { most: maxSessions };
  }
}

/** As many cameras as may be are being tried. */
export class TooManyProbesError extends Error {
  override readonly name = 'TooManyProbesError';
  readonly code = 'TOO_MANY_PROBES';
  readonly details: ReasonDetails;

  constructor(maxProbes: number) {
    super(`${maxProbes} cameras are being tried, which is the most at once: try again in a moment`);
    this.details = { most: maxProbes };
  }
}

/** So many sessions were started and stopped lately that no more are kept. */
export class TooManyStoppedError extends Error {
  override readonly name = 'TooManyStoppedError';
  readonly code = 'TOO_MANY_STOPPED';
  readonly details: ReasonDetails;

  constructor(maxStopped: number) {
    super(`${maxStopped} stopped sessions are listed: try again in a minute, or remove some`);
    this.details = { most: maxStopped };
  }
}

/** NATS gave no answer in time. */
export class NatsUnavailableError extends Error {
  override readonly name = 'NatsUnavailableError';
  readonly code = 'NATS_UNAVAILABLE';

  constructor(cause?: unknown) {
    const why = typeof cause === 'string' ? cause : 'NATS cannot be reached at present';
    super(`${why}: try again`, { cause });
  }
}

/** NATS refuses a publish or subscription to this process: its user's permissions are not right. */
export class NatsRefusesError extends Error {
  override readonly name = 'NatsRefusesError';
  readonly code = 'NATS_REFUSES';
}

/** HTTP status of each code. */
export const httpStatusOfCode: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  STREAM_HOST_NOT_ALLOWED: 403,
  STREAM_NOT_ALLOWED: 403,
  SESSION_NOT_FOUND: 404,
  SESSION_CONFLICT: 409,
  TOO_MANY_SESSIONS: 503,
  TOO_MANY_STOPPED: 503,
  TOO_MANY_PROBES: 503,
  NATS_UNAVAILABLE: 503,
  NATS_REFUSES: 503,
};
