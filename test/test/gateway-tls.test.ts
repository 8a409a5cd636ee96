import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { freePort, startService, until } from '@framebus/test';
import t from 'tap';
import { WebSocket } from 'ws';
import { Authority } from './certificates.js';

t.test(
  'HTTPS and WSS of the gateway are verified by the authority that signed for it',
  async (t) => {
    await using authority = await Authority.make();
    await using other = await Authority.make();
    const { cert, key } = await authority.sign('gateway');
    const port = await freePort();
    await using gateway = await startService('gateway', {
      ...{ PROXY_PORT: `${await freePort()}`, ADMIN_PORT: '0', PROXY_TLS_PORT: `${port}` },
      ...{ TLS_CERT: cert, TLS_KEY: key },
    });
    await until('ready', () => gateway.output.includes('"msg":"ready"'));
    const ca = await readFile(authority.ca);
    const wrong = await readFile(other.ca);
    const path = '/api/v1/video/sessions';
    const asked = request({ host: '127.0.0.1', port, path, ca, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    t.equal(answer.statusCode, 401, 'the key is asked for');
    answer.resume();
    const refused = request({ host: '127.0.0.1', port, path, ca: wrong, agent: false }).end();
    await t.rejects(once(refused, 'response'), /certificate/);
    const url = `wss://127.0.0.1:${port}/ws/stream/cam`;
    const socket = new WebSocket(url, { ca });
    socket.on('error', () => {});
    const [, upgrade] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    t.equal(upgrade.statusCode, 401, 'WebSockets need a key as well');
    socket.terminate();
    const strange = new WebSocket(url, { ca: wrong });
    const [error] = (await once(strange, 'error')) as [Error];
    t.match(error.message, /certificate/);
  },
);
