// Viewers that cost as little as they can: they read and throw away. URL, VIEWERS and PROTOCOL say which.
// Prints how many are open and the bytes that they got, four times a second.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { hostname, port, pathname, search } = new URL(process.env.URL ?? '');
const viewers = Number(process.env.VIEWERS);
const protocol = process.env.PROTOCOL;
let open = 0;
let bytes = 0;

const buffer = Buffer.alloc(262_144);
for (let i = 0; i < viewers; i++) {
  const socket = connect({
    ...{ host: hostname, port: Number(port) },
    onread: {
      buffer,
      callback: (length) => {
        bytes += length;
        return true;
      },
    },
  });
  socket.on('error', () => {});
  socket.on('close', () => open--);
  socket.on('connect', () => {
    open++;
    socket.write(
      [
        `GET ${pathname}${search} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
        '\r\n',
      ].join('\r\n'),
    );
  });
  if (i % 50 === 49) await sleep(20);
}
setInterval(() => {
  process.stdout.write(`${JSON.stringify({ open, bytes, at: Date.now() })}\n`);
}, 250);
