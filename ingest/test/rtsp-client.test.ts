import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { freePort } from '@framebus/test';
import t from 'tap';
import { readAccessUnits } from '../src/rtsp/client.js';
import { camerasOf } from './cameras-of.js';
import { RtspCamera } from './rtsp-camera.js';
import { decode, options, relayWith, unitsOf } from './rtsp-media.js';

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'];
const h265 = [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency'],
  ...['-x265-params', 'log-level=none'],
];

for (const [codec, encoder] of [
  ['h264', h264],
  ['hevc', h265],
] as const) {
  t.test(`${codec} beside sound, over our relay, decodes picture by picture`, async (t) => {
    await using camera = await relayWith(encoder);
    await camera.published();
    const { units, track } = await unitsOf(camera.url, 40);
    t.equal(track?.codec, codec);
    t.ok(units[0]?.key, 'begins with a key frame');
    const { pts, errors } = await decode(codec, units);
    t.same(
      pts,
      units.map((unit) => unit.pts),
      'every unit is a picture with its pts',
    );
    t.equal(errors, '');
  });
}

t.test("GStreamer's server, with a login and with B-frames", async (t) => {
  await using open = await RtspCamera.start({ b: 'bframes:320x240@25' });
  await using locked = await RtspCamera.start({ cam: 'joe:hush@test:320x240@25' });
  for (const url of [open.url('b'), locked.url('cam', 'joe:hush@')]) {
    const { units } = await unitsOf(url, 40);
    const { pts, errors } = await decode('h264', units);
    t.equal(pts.length, units.length, url);
    t.equal(errors, '');
  }
  await t.rejects(unitsOf(locked.url('cam', 'joe:wrong@'), 1), { code: 'CAMERA_UNAUTHORISED' });
  await t.rejects(unitsOf(locked.url('cam'), 1), { code: 'CAMERA_UNAUTHORISED' });
  await t.rejects(unitsOf(open.url('nothing'), 1), { code: 'CAMERA_NOT_FOUND' });
});

t.test('rtsps is read, with a certificate that the camera signed itself', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'test:320x240@25' });
  const folder = mkdtempSync(join(tmpdir(), 'framebus-test-tls-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const files = ['-keyout', key, '-out', cert, '-subj', '/CN=camera', '-days', '2'];
  const name = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:camera.example'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...name], {
    stdio: 'ignore',
  });
  const pem = { key: readFileSync(key), cert: readFileSync(cert) };
  const tunnel = createTlsServer(pem, (secure) => {
    const plain = connect(camera.port, '127.0.0.1');
    for (const socket of [secure, plain]) socket.on('error', () => {});
    secure.pipe(plain).pipe(secure);
  }).listen(0, '127.0.0.1');
  await once(tunnel, 'listening');
  t.teardown(() => tunnel.close());
  const { port } = tunnel.address() as { port: number };
  const { units } = await unitsOf(`rtsps://127.0.0.1:${port}/cam`, 5);
  t.equal(units.length, 5);
  const checked = camerasOf({ STREAM_TLS_CA: cert });
  t.equal((await unitsOf(`rtsps://127.0.0.1:${port}/cam`, 5, checked)).units.length, 5);
  const misnamed = unitsOf(`rtsps://localhost:${port}/cam`, 1, checked);
  await t.rejects(misnamed, { code: 'CAMERA_TLS', message: /is not valid: .*localhost/ });
  const others = camerasOf({ STREAM_TLS_CA: '/etc/ssl/certs/ca-certificates.crt' });
  const strange = unitsOf(`rtsps://127.0.0.1:${port}/cam`, 1, others);
  await t.rejects(strange, { code: 'CAMERA_TLS', message: /STREAM_TLS_CA/ });
  const plain = unitsOf(`rtsps://127.0.0.1:${camera.port}/cam`, 1);
  await t.rejects(plain, { name: 'CameraError' });
});

t.test('why a camera cannot be read is said in words', async (t) => {
  await using sound = await RtspCamera.start({ sound: 'audio' });
  await t.rejects(unitsOf(sound.url('sound'), 1), { code: 'CAMERA_NO_VIDEO' });
  const refused = `rtsp://127.0.0.1:${await freePort()}/cam`;
  await t.rejects(unitsOf(refused, 1), { code: 'CAMERA_REFUSED' });
  const unknown = unitsOf('rtsp://no-such-host.invalid/cam', 1);
  await t.rejects(unknown, { code: 'CAMERA_HOST_UNKNOWN' });
});

t.test('a camera that accepts and says nothing is a timeout', async (t) => {
  const server = createServer(() => {});
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  t.teardown(() => server.close());
  const never = new AbortController().signal;
  const nothing = () => t.fail('nothing came');
  const reading = readAccessUnits(
    `rtsp://127.0.0.1:${port}/cam`,
    { ...options, timeoutMs: 300, silenceTimeoutMs: 10_000 },
    never,
    nothing,
    nothing,
  );
  await t.rejects(reading, { code: 'CAMERA_TIMEOUT' });
});

t.test('a camera that dies in mid-stream has ended the stream', async (t) => {
  const camera = await RtspCamera.start({ cam: 'test:320x240@25' });
  t.teardown(() => camera.down());
  let seen = 0;
  const reading = readAccessUnits(
    camera.url('cam'),
    options,
    new AbortController().signal,
    () => {},
    () => {
      seen += 1;
      if (seen === 10) void camera.down();
    },
  );
  await t.rejects(reading, { code: 'CAMERA_ENDED' });
  t.ok(seen >= 10);
});

for (const [what, said, spoiled] of [
  ['on another channel', /interleaved=0-1/, 'interleaved=6-7'],
  ['of another type', /(?<at>RTP\/AVP |rtpmap:|fmtp:)96/g, '$<at>97'],
] as const) {
  t.test(`a camera whose packets are ${what} than it announced is broken, at once`, async (t) => {
    await using camera = await RtspCamera.start({ cam: 'test:320x240@25' });
    const spoil = createServer((socket) => {
      const server = connect(camera.port, '127.0.0.1');
      for (const end of [socket, server]) end.on('error', () => {});
      socket.pipe(server);
      server.on('data', (piece: Buffer) => {
        const text = piece.toString('latin1');
        const answer = text.startsWith('RTSP/1.0');
        socket.write(answer ? text.replace(said, spoiled) : piece, 'latin1');
      });
      server.on('close', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(spoil, 'listening');
    t.teardown(() => spoil.close());
    const { port } = spoil.address() as { port: number };
    const began = performance.now();
    await t.rejects(unitsOf(`rtsp://127.0.0.1:${port}/cam`, 1), { code: 'CAMERA_BROKEN' });
    t.ok(performance.now() - began < 8_000, 'sooner than a camera without frames');
  });
}
