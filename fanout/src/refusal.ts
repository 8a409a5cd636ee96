import { STATUS_CODES } from 'node:http';

/** HTTP status of every code. */
export const refusalStatus = {
  NOT_FOUND: 404,
  SESSION_ID_INVALID: 400,
  QUERY_INVALID: 400,
  SUBPROTOCOL_UNKNOWN: 400,
  CROSS_SITE: 403,
  ORIGIN_NOT_ALLOWED: 403,
  NOT_A_WEBSOCKET: 426,
  TOO_MANY_VIEWERS: 503,
  STOPPING: 503,
  NATS_AWAY: 503,
  NATS_REFUSES: 503,
} as const;
export type RefusalCode = keyof typeof refusalStatus;

/** A request that is not served, and why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly statusCode: number;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    this.statusCode = refusalStatus[code];
  }

  /** Fastify's shape of an error. */
  toJSON() {
    const { statusCode, code, message } = this;
    return { statusCode, code, error: STATUS_CODES[statusCode], message };
  }

  /** As a whole HTTP/1.1 response, for a request to open a WebSocket. */
  toResponse(): string {
    const body = JSON.stringify(this);
    return [
      `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      ...(this.statusCode === 503 ? ['Retry-After: 5'] : []),
      '',
      body,
    ].join('\r\n');
  }
}
