import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Test } from 'tap';
import { WebSocket } from 'ws';
import type { Options } from '../options.js';

const path = '/ws/stream/conformance';

interface Opening {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly protocol?: string;
}

function open(origin: URL, { query = '', headers = {}, protocol }: Opening): WebSocket {
  const url = new URL(`${path}${query}`, origin);
  url.protocol = origin.protocol === 'https:' ? 'wss:' : 'ws:';
  const protocols = protocol === undefined ? [] : [protocol];
  return new WebSocket(url, protocols, {
    ...{ headers, rejectUnauthorized: false, handshakeTimeout: 10_000 },
  });
}

/** The status with which a socket is refused; 101 where it is not. */
async function refusal(socket: WebSocket): Promise<number> {
  const opened = once(socket, 'open').then(() => 101);
  const refused = once(socket, 'unexpected-response').then(
    ([, response]) => (response as IncomingMessage).statusCode ?? 0,
  );
  opened.catch(() => undefined);
  refused.catch(() => undefined);
  const status = await Promise.race([opened, refused]);
  socket.on('error', () => undefined);
  socket.terminate();
  return status;
}

/** Sockets open, with a key, and carry messages. */
export function sockets(t: Test, { url, tlsUrl, videoKey, llmKey }: Options): void {
  const query = `?apikey=${videoKey}`;
  for (const origin of tlsUrl === undefined ? [url] : [url, tlsUrl]) {
    const scheme = origin.protocol === 'https:' ? 'wss' : 'ws';
    for (const { where, opening } of [
      { where: 'the query', opening: { query } },
      { where: 'a header', opening: { headers: { apikey: videoKey } } },
    ]) {
      t.test(
        `a ${scheme} socket with its key in ${where} opens and brings a message`,
        async (t) => {
          const socket = open(origin, opening);
          const message = once(socket, 'message', { signal: AbortSignal.timeout(10_000) });
          message.catch(() => undefined);
          const [upgrade] = (await once(socket, 'upgrade')) as [IncomingMessage];
          t.equal(upgrade.statusCode, 101);
          t.match(upgrade.headers.via, /1\.1 kong\//);
          const [data] = await message;
          t.match(JSON.parse(String(data)), { type: String, session_id: 'conformance' });
          const closed = once(socket, 'close');
          socket.close(1000);
          t.equal((await closed)[0], 1000, 'closed as asked');
        },
      );
    }
  }
  t.test('the subprotocol is agreed on', async (t) => {
    const socket = open(url, { query, protocol: 'msgpack' });
    await once(socket, 'open');
    t.equal(socket.protocol, 'msgpack');
    socket.terminate();
  });
  t.test('without a key 401, with a wrong one 401, with the LLM key 403', async (t) => {
    t.equal(await refusal(open(url, {})), 401);
    t.equal(await refusal(open(url, { query: '?apikey=wrong' })), 401);
    t.equal(await refusal(open(url, { query: `?apikey=${llmKey}` })), 403);
  });
}
