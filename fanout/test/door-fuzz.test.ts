import { once } from 'node:events';
import { connect } from 'node:net';
import { type Fuzz, fuzzCases, NatsServer, runCases, until } from '@framebus/test';
import t from 'tap';
import { WebSocket } from 'ws';
import { start } from './start.js';

const cases = fuzzCases(60);
const server = await NatsServer.start();
t.teardown(() => server[Symbol.asyncDispose]());

function upgradeOf(fuzz: Fuzz): Buffer {
  const safe = (text: string) => text.replace(/[\r\n\0]/g, '');
  const id = fuzz.below(2) === 0 ? 'cam' : encodeURIComponent(fuzz.wholeText());
  const head = [
    `GET /ws/stream/${id}?since=${fuzz.pick(['0', '-1', 'x'])} HTTP/1.1`,
    ...['Host: x', `Upgrade: ${fuzz.pick(['websocket', 'h2c', safe(fuzz.text())])}`],
    ...['Connection: Upgrade', `Sec-WebSocket-Version: ${fuzz.pick(['13', '13', '8', 'x'])}`],
    `Sec-WebSocket-Key: ${fuzz.pick(['dGhlIHNhbXBsZSBub25jZQ==', safe(fuzz.text())])}`,
    `Sec-WebSocket-Protocol: ${fuzz.pick(['json', 'msgpack', safe(fuzz.text())])}`,
    `Origin: ${fuzz.pick(['https://example.org', 'null', safe(fuzz.text())])}`,
  ];
  const bytes = Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'),
    fuzz.bytes(fuzz.below(60)),
  ]);
  return fuzz.below(2) === 0 ? fuzz.spoilt(bytes, 3) : bytes;
}

t.test(`${cases} requests to open a WebSocket are answered and leave nothing`, async (t) => {
  await using fanout = await start(server);
  const port = Number(new URL(fanout.url).port);
  const grown = await runCases(cases, async (fuzz) => {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // Let in, or refused: enough was seen.
      socket.end();
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.end(upgradeOf(fuzz));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks).toString('latin1');
    if (/^HTTP\/1\.1 5(?!03)/.test(answer) || /\n\s+at /.test(answer)) throw new Error(answer);
  });
  await until('all are gone', () => fanout.viewers === 0);
  t.ok(grown < 8 * 1024 * 1024, `memory grew by ${grown} bytes`);
  t.equal((await fetch(`${fanout.url}/healthz`)).status, 200);
});

t.test(`${cases} messages of viewers harm no other viewer`, async (t) => {
  await using fanout = await start(server);
  const address = `${fanout.url.replace('http', 'ws')}/ws/stream/cam`;
  const good = new WebSocket(address);
  await once(good, 'open');
  const port = Number(new URL(fanout.url).port);
  const hello = [
    ...['GET /ws/stream/cam HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'],
    ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
  ].join('\r\n');
  const grown = await runCases(cases, async (fuzz) => {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
    socket.resume();
    socket.write(hello);
    const length = fuzz.below(120);
    const first = fuzz.pick([0x81, 0x82, 0x88, 0x89, 0x8a, 0xc1, 0x01, 0x80, fuzz.below(256)]);
    const frame = Buffer.concat([Buffer.from([first, 0x80 | length]), fuzz.bytes(4 + length)]);
    const frames = fuzz.below(2) === 0 ? fuzz.spoilt(frame, 3) : frame;
    socket.end(frames);
    socket.setTimeout(20_000, () => socket.destroy());
    await once(socket, 'close');
  });
  await until('only the good one is left', () => fanout.viewers === 1);
  t.equal(good.readyState, WebSocket.OPEN);
  t.ok(grown < 8 * 1024 * 1024, `memory grew by ${grown} bytes`);
  good.terminate();
});
