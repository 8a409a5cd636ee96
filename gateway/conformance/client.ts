import { once } from 'node:events';
import { request as http, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';

/** An answer, and when its pieces came. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** ms from one piece of the body to the next; the first: from the headers. */
  readonly gapsMs: readonly number[];
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** A text is sent with its length, pieces chunked. */
  readonly body?: string | readonly string[];
}

const timeoutMs = 30_000;

/** One request with nothing added to it, on a connection of its own. The path goes out as it is. */
export async function ask(origin: URL, path: string, call: Call = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = call;
  const send = origin.protocol === 'https:' ? https : http;
  const request = send({
    ...{ host: origin.hostname, port: origin.port, path, method, headers },
    ...{ agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(timeoutMs) },
  });
  const replied = once(request, 'response');
  if (typeof body === 'string') {
    request.setHeader('Content-Length', Buffer.byteLength(body));
    request.end(body);
  } else {
    for (const piece of body ?? []) request.write(piece);
    request.end();
  }
  const [response] = (await replied) as [IncomingMessage];
  // A refusal may come while a large body is still on its way.
  request.on('error', () => undefined);
  let last = performance.now();
  let text = '';
  const gapsMs: number[] = [];
  response.setEncoding('utf8');
  for await (const piece of response) {
    text += piece;
    const now = performance.now();
    gapsMs.push(now - last);
    last = now;
  }
  return { status: response.statusCode ?? 0, headers: response.headers, text, gapsMs };
}
