import { type ErrorBody, errorBody } from './error-body.js';
import { errorType } from './error-type.js';
import type { Exchange } from './exchange.js';
import { HeaderList } from './header-list.js';
import { serverName } from './kong.js';

/** A response that the gateway makes itself. */
export interface Answer {
  readonly status: number;
  /** What the error's body says; undefined for an empty body. */
  readonly message: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What is sent in place of an error's body. */
  readonly body?: ErrorBody;
}

export function refusal(status: number, message: string, headers: Answer['headers'] = []): Answer {
  return { status, message, headers };
}

/** Sends an answer. What is left of the request's body is read and thrown away. */
export function sendAnswer(exchange: Exchange, answer: Answer): void {
  const headers = new HeaderList();
  headers.set(
    'X-Kong-Response-Latency',
    String(Math.round(performance.now() - exchange.startedAt)),
  );
  end(exchange, answer, headers, errorType(exchange.sent.get('accept')));
}

/**
 * Sends an answer in place of the upstream's. As nginx, which makes these in Kong, it takes the
 * request's own type, else plain text, where the client accepts nothing in particular.
 */
export function sendFailure(exchange: Exchange, answer: Answer, proxied: HeaderList): void {
  const accept = exchange.sent.get('accept') ?? exchange.sent.get('content-type');
  end(exchange, answer, proxied, errorType(accept ?? 'text/plain'));
}

function end(
  exchange: Exchange,
  { status, message, headers, body: own }: Answer,
  all: HeaderList,
  type: Parameters<typeof errorBody>[0],
): void {
  const { response, request } = exchange;
  all.merge(exchange.toClient);
  for (const [name, value] of headers) all.set(name, value);
  const body = own ?? (message === undefined ? undefined : errorBody(type, message, exchange.id));
  if (body !== undefined) all.set('Content-Type', body.contentType);
  all.set('Content-Length', String(Buffer.byteLength(body?.text ?? '')));
  all.set('Server', serverName);
  all.set('X-Kong-Request-Id', exchange.id);
  response.writeHead(status, all.toRaw());
  response.end(body?.text);
  request.resume();
}
