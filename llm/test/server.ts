import { connect, type Socket } from 'node:net';
import { createLogger, readSettings } from '@framebus/contract/service';
import { type Llm, startLlm } from '../src/llm.js';
import { settings } from '../src/settings.js';

/** The service in this process, on a free port. */
export function startServer(env: Readonly<Record<string, string>> = {}): Promise<Llm> {
  const config = readSettings(settings, { LLM_PORT: '0', ...env });
  return startLlm(config, createLogger('llm', 'silent'));
}

export const hello = { model: 'mock-llm', messages: [{ role: 'user', content: 'one two three' }] };

/** Posts to the chat route; a string goes as it is, anything else as JSON. */
export function post(
  { url }: Llm,
  body: unknown,
  init: Pick<RequestInit, 'headers' | 'signal'> = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

/** The data of each server-sent event of a body that has ended. */
export async function eventsIn(response: Response): Promise<string[]> {
  const events = (await response.text()).split('\n\n');
  if (events.pop() !== '') throw new Error('the last event has no end');
  return events.map((event) => event.replace(/^data: /, ''));
}

/** A client that asks and then never reads. Destroy it when done. */
export function postUnread({ url }: Llm, body: object): Socket {
  const text = JSON.stringify(body);
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: llm',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  socket.on('error', () => {});
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  return socket;
}
