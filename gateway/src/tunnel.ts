import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Upgrade } from './exchange.js';
import type { HeaderList } from './header-list.js';
import type { Service } from './service.js';

/** Both ends of a WebSocket once the upstream has agreed to it. */
export interface Tunnel {
  readonly upgrade: Upgrade;
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly headers: HeaderList;
  readonly service: Service;
}

/** Passes bytes on both ways until an end closes or neither says anything for too long. */
export function tunnel({ upgrade, incoming, socket, head, headers, service }: Tunnel): void {
  const client = upgrade.socket;
  const lines = [`HTTP/1.1 101 ${incoming.statusMessage || 'Switching Protocols'}`];
  headers.set('Connection', 'Upgrade');
  headers.set('Upgrade', 'websocket');
  const raw = headers.toRaw();
  for (let i = 0; i < raw.length; i += 2) lines.push(`${raw[i]}: ${raw[i + 1]}`);
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (head.length > 0) client.write(head);
  if (upgrade.head.length > 0) socket.write(upgrade.head);
  if (socket instanceof Socket) {
    socket.setNoDelay(true);
    socket.setTimeout(service.readTimeoutMs, () => socket.destroy());
  }
  pipeline(client, socket, () => undefined);
  pipeline(socket, client, () => undefined);
}
