import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { errorBody } from './error-body.js';
import { serverName } from './kong.js';

/** Answers what is no HTTP request. */
export function answerBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = statusOf(error.code);
  const id = randomBytes(16).toString('hex');
  const { contentType, text } = errorBody('plain', message, id);
  const lines = [
    `HTTP/1.1 ${status}`,
    `Date: ${new Date().toUTCString()}`,
    `Content-Type: ${contentType}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Server: ${serverName}`,
    `X-Kong-Request-Id: ${id}`,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

function statusOf(code: string | undefined): readonly [status: string, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['400 Bad Request', 'Request header or cookie too large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['408 Request Timeout', 'Request timeout'];
  return ['400 Bad Request', 'Bad request'];
}
