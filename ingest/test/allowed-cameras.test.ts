import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { everyCamera } from '../src/allowed-cameras.js';
import { kindOfAddress } from '../src/camera-address.js';
import { readCamera } from '../src/camera-reader.js';
import { StreamHostError, StreamNotAllowedError } from '../src/errors.js';
import { camerasOf } from './cameras-of.js';
import { RtspCamera } from './rtsp-camera.js';

const spec = {
  ...{ enable_drawing: true, fps: 10, max_width: 800, jpeg_quality: 70 },
  ...{ confidence_threshold: 0.5, classes: [] },
};
const reading = {
  ...{ cameras: everyCamera, ffmpegPath: 'ffmpeg', hwaccel: 'none', frameTimeoutMs: 20_000 },
};
const never = new AbortController().signal;

t.test('addresses are told apart, whatever their form', async (t) => {
  const kinds = {
    public: ['8.8.8.8', '2606:4700::1111', '64:ff9b::808:808'],
    private: [
      '10.0.0.7',
      '172.31.255.1',
      '192.168.1.1',
      '100.64.0.1',
      'fd12::1',
      '::ffff:10.1.2.3',
    ],
    loopback: [
      '127.0.0.1',
      '127.8.9.1',
      '::1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    never: [
      ...['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16'],
      ...['::ffff:169.254.169.254', '2002:a9fe:a9fe::', '0.0.0.0', '::', '255.255.255.255'],
      ...['224.0.0.1', 'ff02::1', '2001:0:1::', '192.0.0.192', 'no address'],
    ],
  };
  for (const [kind, addresses] of Object.entries(kinds)) {
    for (const address of addresses) t.equal(kindOfAddress(address), kind, address);
  }
});

t.test('schemes, hosts, ports and addresses are limited by settings', async (t) => {
  const check = (env: Readonly<Record<string, string>>, url: string) => () =>
    camerasOf(env).check(new URL(url));
  const open = { STREAM_ADDRESSES: 'public,private,loopback' };
  for (const [env, good, bad, error = StreamHostError] of [
    [{ STREAM_SCHEMES: 'rtsps' }, 'rtsps://c/x', 'rtsp://c/x', StreamNotAllowedError],
    [{ STREAM_PORTS: '322,554' }, 'rtsps://c/x', 'rtsp://c:22/x', StreamNotAllowedError],
    [{ STREAM_PORTS: '8550-8559' }, 'rtsp://c:8559/x', 'rtsp://c/x', StreamNotAllowedError],
    [{ STREAM_HOSTS: '*.cams.example' }, 'rtsp://a.cams.example/x', 'rtsp://cams.example/x'],
    [{ STREAM_HOSTS: '10.1.0.0/16' }, 'rtsp://10.1.9.9/x', 'rtsp://10.2.0.1/x'],
    [{ STREAM_HOSTS: 'fd12::/16' }, 'rtsp://[fd12::9]/x', 'rtsp://[fd13::9]/x'],
    [{ INGEST_HOST: '0.0.0.0' }, 'rtsp://10.1.9.9/x', 'rtsp://127.0.0.1/x'],
    [{ STREAM_ADDRESSES: 'public' }, 'rtsp://8.8.8.8/x', 'rtsp://10.1.9.9/x'],
    [{ ...open }, 'rtsp://[::1]/x', 'rtsp://169.254.169.254/x'],
    [{ ...open }, 'rtsp://127.0.0.1/x', 'rtsp://[::ffff:a9fe:a9fe]/x'],
  ] as const) {
    t.doesNotThrow(check(env, good), `${good} ${JSON.stringify(env)}`);
    t.throws(check(env, bad), error, `${bad} ${JSON.stringify(env)}`);
  }
  for (const env of [
    { STREAM_SCHEMES: 'http' },
    { STREAM_PORTS: '0' },
    { STREAM_PORTS: '9-8' },
    { STREAM_HOSTS: '10.0.0.0/33' },
    { STREAM_HOSTS: 'a/b' },
    { STREAM_ADDRESSES: 'all' },
  ]) {
    t.throws(() => camerasOf(env), { code: 'CONFIG_INVALID' }, JSON.stringify(env));
  }
});

t.test('what a name stands for is checked, by whatever spelling', async (t) => {
  const cameras = camerasOf({ INGEST_HOST: '0.0.0.0' });
  for (const host of ['localhost', 'localhost.', '2130706433', '0x7f.1', '127.1', '0']) {
    await t.rejects(
      cameras.find(new URL(`rtsp://${host}:554/x`)),
      { code: 'CAMERA_NOT_ALLOWED' },
      host,
    );
  }
  const local = await camerasOf({}).find(new URL('rtsp://localhost/x'));
  t.ok(local.addresses.length > 0);
  t.equal(local.port, 554);
  const listed = camerasOf({ STREAM_HOSTS: '127.0.0.0/8' });
  t.same((await listed.find(new URL('rtsp://localhost/x'))).addresses, [
    { address: '127.0.0.1', family: 4 },
  ]);
});

/** Sends whoever asks elsewhere, and counts connections. */
async function listener(t: Test) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on('data', (request) => {
      const cseq = /CSeq: \d+/.exec(request.toString('latin1'))?.[0];
      socket.write(`RTSP/1.0 302 Found\r\n${cseq}\r\nLocation: rtsp://127.0.0.1:1/\r\n\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

t.test('no connection is made to an address that is not allowed, by no reader', async (t) => {
  const cameras = camerasOf({ STREAM_ADDRESSES: 'private' });
  for (const rtsp of ['framebus', 'ffmpeg']) {
    for (const host of ['localhost', '127.0.0.1', '127.1']) {
      const { port, sockets } = await listener(t);
      const stream_url = `rtsp://${host}:${port}/x`;
      const options = { ...reading, rtsp, cameras };
      const read = readCamera({ ...spec, stream_url }, options, never, () => {});
      await t.rejects(read, { code: 'CAMERA_NOT_ALLOWED' }, `${rtsp}: ${host}`);
      t.equal(sockets.length, 0);
    }
  }
});

t.test('redirects are followed by no reader', async (t) => {
  for (const rtsp of ['framebus', 'ffmpeg']) {
    const { port, sockets } = await listener(t);
    const stream_url = `rtsp://127.0.0.1:${port}/x`;
    const read = readCamera({ ...spec, stream_url }, { ...reading, rtsp }, never, () => {});
    await t.rejects(read, { code: 'CAMERA_REDIRECTS' }, rtsp);
    t.equal(sockets.length, 1, rtsp);
  }
});

t.test('ffmpeg reads a camera without being told who it is', async (t) => {
  await using camera = await RtspCamera.start({ 'secret-path': 'joe:hush@test:320x240@10' });
  const stop = new AbortController();
  let shown = '';
  await readCamera(
    { ...spec, stream_url: camera.url('secret-path', 'joe:hush@') },
    { ...reading, rtsp: 'ffmpeg' },
    stop.signal,
    () => {
      const all = execFileSync('ps', ['-ww', '--ppid', `${process.pid}`, '-o', 'args=']).toString();
      shown = all.split('\n').find((line) => line.startsWith('ffmpeg ')) ?? '';
      stop.abort();
    },
  );
  t.match(shown, / -i rtsp:\/\/127\.0\.0\.1:\d+\/camera /);
  t.notMatch(shown, /hush|secret-path/);
});
