// The peer: `ws` sending a ready buffer of BYTES to whoever is connected, RATE times a second. Prints its port.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const binary = process.env.BINARY === 'true';
const ready = Buffer.alloc(Number(process.env.BYTES), 'a');
const periodMs = 1_000 / Number(process.env.RATE);
let due = performance.now();
setInterval(() => {
  for (; due <= performance.now(); due += periodMs) {
    for (const client of server.clients) client.send(ready, { binary });
  }
}, 1);
server.on('listening', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
