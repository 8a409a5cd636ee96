import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import t from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { dataFrame } from '../src/data-frame.js';

const sizes = [0, 1, 125, 126, 65_535, 65_536, 300_000];

for (const format of ['json', 'msgpack'] as const) {
  t.test(`a client reads ${format} of every size as it was framed`, async (t) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    t.teardown(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    t.teardown(() => client.terminate());
    const received: { data: Buffer; isBinary: boolean }[] = [];
    client.on('message', (data: Buffer, isBinary) => received.push({ data, isBinary }));
    const [[socket, request]] = await Promise.all([connected, once(client, 'open')]);
    for (const size of sizes) {
      (request.socket as Socket).write(dataFrame(Buffer.alloc(size, 'a'), format));
    }
    socket.close();
    await once(client, 'close');
    t.same(
      received.map(({ data }) => data.length),
      sizes,
    );
    t.ok(received.every(({ data }) => data.equals(Buffer.alloc(data.length, 'a'))));
    t.ok(received.every(({ isBinary }) => isBinary === (format === 'msgpack')));
  });
}
