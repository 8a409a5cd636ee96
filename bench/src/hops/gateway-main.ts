// What a gateway does with a WebSocket once it is open: bytes from one socket to another. Prints its port.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({
    host: '127.0.0.1',
    port: Number(process.env.UPSTREAM),
    noDelay: true,
  });
  pipeline(client, upstream, () => undefined);
  pipeline(upstream, client, () => undefined);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
