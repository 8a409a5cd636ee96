import type { IncomingMessage } from 'node:http';
import { unpack } from 'msgpackr';
import { WebSocket } from 'ws';
import { ConnectionLostError, type RefusedError } from './errors.js';
import type { StreamMessage } from './messages.js';
import { refusalOf } from './refusal.js';
import { keyOf, type Server } from './server.js';
import { unreachable } from './unreachable.js';

export interface StreamRequest {
  readonly server: Server;
  readonly sessionId: string;
  readonly format: 'json' | 'msgpack';
  /** Whether pictures are wanted. */
  readonly pictures: boolean;
}

const handshakeTimeoutMs = 15_000;
/** The server pings every 20 s. */
const silenceMs = 50_000;
/** Of one message: more than any picture. */
const maxPayload = 64 * 1024 * 1024;
const maxRefusalBytes = 65_536;

/**
 * The messages of one session over one connection. Resolves when `signal` is aborted.
 * @throws UnreachableError, RefusedError when it was not opened; ConnectionLostError once it was; UsageError
 */
export async function stream(
  request: StreamRequest,
  onMessage: (message: StreamMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const { server, sessionId, format, pictures } = request;
  const query = pictures ? '' : '?frames=none';
  const socket = new WebSocket(
    `${server.url.replace(/^http/, 'ws')}/ws/stream/${sessionId}${query}`,
    format,
    {
      headers: { apikey: keyOf(server) },
      ...{ handshakeTimeout: handshakeTimeoutMs, maxPayload, perMessageDeflate: false },
    },
  );
  const { promise, resolve, reject } = promiseWithResolvers();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort);
  const watchdog = setTimeout(
    () => reject(new ConnectionLostError(`no sign of life for ${silenceMs / 1_000} s`)),
    silenceMs,
  );
  socket.on('ping', () => watchdog.refresh());
  socket.on('message', (data: Buffer, isBinary) => {
    watchdog.refresh();
    try {
      onMessage(isBinary ? unpack(data) : JSON.parse(data.toString()));
    } catch (error) {
      reject(error as Error);
    }
  });
  socket.on('unexpected-response', async (_request, response) => reject(await refused(response)));
  socket.on('error', (error) => reject(unreachable(server.url, error)));
  socket.on('close', (code, reason) =>
    reject(new ConnectionLostError(reason.toString() || wordsOf(code))),
  );
  try {
    await promise;
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', onAbort);
    socket.removeAllListeners().on('error', () => {});
    socket.terminate();
  }
}

async function refused(response: IncomingMessage): Promise<RefusedError> {
  let body = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      body += chunk;
      if (body.length > maxRefusalBytes) break;
    }
  } catch {
    // The status alone tells enough.
  }
  return refusalOf(response.statusCode ?? 0, body, response.headers['retry-after'] ?? null);
}

/** https://www.iana.org/assignments/websocket/websocket.xhtml */
function wordsOf(code: number): string {
  return code === 1006 ? 'the connection broke' : `closed with code ${code}`;
}

function promiseWithResolvers() {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
