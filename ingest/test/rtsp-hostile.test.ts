import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { fuzzCases } from '@framebus/test';
import t, { type Test } from 'tap';
import { everyCamera } from '../src/allowed-cameras.js';
import { CameraError } from '../src/camera-error.js';
import { AccessUnitAssembler } from '../src/rtsp/access-unit.js';
import { readAccessUnits } from '../src/rtsp/client.js';
import { H264Format } from '../src/rtsp/h264.js';
import { H265Format } from '../src/rtsp/h265.js';
import { MessageReader, statusOf } from '../src/rtsp/message.js';
import { freshMikey, keysOf } from '../src/rtsp/mikey.js';
import { parseRtp, saysBye } from '../src/rtsp/rtp.js';
import { OtherCodecError, videoTrackOf } from '../src/rtsp/sdp.js';

const sdp = [
  ...['v=0', 's=-', 'a=control:*', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
  ...['a=fmtp:96 sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA==', 'a=control:t1', ''],
].join('\r\n');
const options = { cameras: everyCamera, timeoutMs: 1_000, silenceTimeoutMs: 5_000 };

/** mulberry32 */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const cases = fuzzCases(2_000);
t.test(`${cases} spoilt streams end with a CameraError or not at all`, (t) => {
  const payloads = [
    ...[Buffer.from([0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1]), Buffer.from([0x7c, 0x85, 0x88, 1])],
    ...[Buffer.from([0x7c, 0x45, 2]), Buffer.from([0x41, 0x9a, 1]), Buffer.from([0x65, 0x88])],
    ...[Buffer.from([0x60, 1, 0, 3, 0x42, 1, 7]), Buffer.from([0x62, 1, 0x93, 9]), Buffer.alloc(0)],
  ];
  let ended = 0;
  for (let seed = 0; seed < cases; seed += 1) {
    const random = seeded(seed);
    const packets = Array.from({ length: 20 }, (_, at) => {
      const head = Buffer.from([0x80, 96, 0, at, 0, 0, 0, at >> 1, 0, 0, 0, 7]);
      if (random(2)) head[1] = 224;
      const bytes = Buffer.concat([head, payloads[random(payloads.length)] ?? head]);
      return Buffer.concat([Buffer.from([0x24, 0, 0, bytes.length]), bytes]);
    });
    const answer = `RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
    const stream = Buffer.concat([Buffer.from(answer), ...packets]);
    for (let spoilt = random(12); spoilt > 0; spoilt -= 1) {
      stream[random(stream.length)] = random(256);
    }
    const formats = [new H264Format(), new H265Format()];
    const assemblers = formats.map((format) => new AccessUnitAssembler(format, [], () => {}));
    const reader = new MessageReader();
    try {
      for (let at = 0; at < stream.length; ) {
        const size = 1 + random(200);
        reader.push(Buffer.from(stream.subarray(at, at + size)));
        at += size;
        for (let next = reader.next(); next; next = reader.next()) {
          if (next.kind === 'message') {
            statusOf(next);
            videoTrackOf(next.body.toString('latin1'), 'rtsp://camera/');
          } else {
            saysBye(next.bytes);
            const packet = parseRtp(next.bytes);
            for (const assembler of packet ? assemblers : []) assembler.push(packet as never, at);
          }
        }
      }
    } catch (error) {
      if (!(error instanceof CameraError || error instanceof OtherCodecError)) throw error;
      ended += 1;
    }
  }
  t.ok(ended > cases / 20 && ended < cases * 0.95, `${ended} ended`);
  t.end();
});

t.test(`${cases} spoilt key messages are read or refused`, (t) => {
  const good = freshMikey(0);
  let refused = 0;
  for (let seed = 0; seed < cases; seed += 1) {
    const random = seeded(seed);
    const bad = Buffer.from(good.subarray(0, good.length - random(3) * random(good.length)));
    for (let spoilt = random(4); spoilt > 0; spoilt -= 1) bad[random(bad.length)] = random(256);
    try {
      keysOf(bad);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      refused += 1;
    }
  }
  t.ok(refused > cases / 10 && refused < cases * 0.98, `${refused} refused`);
  t.end();
});

/** A camera that says what `answer` gives for each request, and what it was asked. */
async function server(
  t: Test,
  answer: (request: string, socket: Socket) => string | undefined,
): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const listening: Server = createServer((socket) => {
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        requests.push(request);
        const cseq = /CSeq: (\d+)/.exec(request)?.[1];
        const said = answer(request, socket);
        if (said !== undefined) socket.write(said.replace('CSEQ', `CSeq: ${cseq}`));
      }
    });
    t.teardown(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => listening.close());
  const { port } = listening.address() as { port: number };
  return { url: `rtsp://joe:hu%40sh@127.0.0.1:${port}/cam?x=1`, requests };
}

const ok = 'RTSP/1.0 200 OK\r\nCSEQ\r\n';

function playing(request: string): string {
  if (request.startsWith('DESCRIBE')) return `${ok}Content-Length: ${sdp.length}\r\n\r\n${sdp}`;
  if (request.startsWith('SETUP')) {
    return `${ok}Session: abc;timeout=2\r\nTransport: RTP/AVP/TCP;interleaved=2-3\r\n\r\n`;
  }
  return `${ok}Public: OPTIONS, GET_PARAMETER\r\n\r\n`;
}

function read(url: string, signal: AbortSignal, seen: () => void = () => {}): Promise<void> {
  return readAccessUnits(url, options, signal, () => {}, seen);
}

t.test('a session is kept alive, and torn down when it is no longer wanted', async (t) => {
  const { url, requests } = await server(t, playing);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1_500);
  await read(url, stop.signal);
  const methods = requests.map((request) => request.split(' ')[0]);
  t.same(methods, ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN']);
  t.ok(requests.slice(3).every((request) => request.includes('\r\nSession: abc')));
  t.match(requests[2], /^SETUP rtsp:\/\/127\.0\.0\.1:\d+\/cam\?x=1\/t1 RTSP\/1\.0/);
  t.notOk(
    requests.some((request) => /joe|hu(?:%40|@)sh/.test(request)),
    'shows no login',
  );
});

t.test('an aged nonce is renewed in mid-session', async (t) => {
  let nonce = 'first';
  const { url, requests } = await server(t, (request) => {
    if (request.startsWith('GET_PARAMETER')) nonce = 'second';
    if (request.includes(`nonce="${nonce}"`)) return playing(request);
    const challenge = `Digest realm="cam", nonce="${nonce}", qop="auth", stale=true`;
    return `RTSP/1.0 401 Unauthorized\r\nCSEQ\r\nWWW-Authenticate: ${challenge}\r\n\r\n`;
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1_500);
  await read(url, stop.signal);
  t.match(requests.at(-1), /^TEARDOWN[^]*nonce="second"/);
});

t.test('what is no RTSP, too long, or elsewhere ends the run with words', async (t) => {
  const cases: readonly (readonly [code: string, said: string])[] = [
    ['CAMERA_BROKEN', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['CAMERA_BROKEN', '\u0000\u0001\u0002'],
    ['CAMERA_BROKEN', `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(20_000)}`],
    ['CAMERA_BROKEN', `${ok}Content-Length: 65537\r\n\r\n`],
    ['CAMERA_BROKEN', `${ok}Content-Length: -1\r\n\r\n`],
    ['CAMERA_REDIRECTS', 'RTSP/1.0 302 Found\r\nCSEQ\r\nLocation: rtsp://other/\r\n\r\n'],
    ['CAMERA_FAILED', 'RTSP/1.0 503 Busy\r\nCSEQ\r\n\r\n'],
    ['CAMERA_NO_VIDEO', `${ok}\r\n`],
    ['CAMERA_TIMEOUT', 'RTSP/1.0 200 OK\r\nCSeq: 77\r\n\r\n'],
  ];
  for (const [code, said] of cases) {
    const { url } = await server(t, (request) =>
      request.startsWith('DESCRIBE') ? said : playing(request),
    );
    await t.rejects(read(url, new AbortController().signal), { code }, said.slice(0, 60));
  }
});

t.test('requests of a camera are answered, and its good-bye ends the run', async (t) => {
  const { url, requests } = await server(t, (request, socket) => {
    if (request.startsWith('RTSP/1.0')) return undefined;
    if (!request.startsWith('PLAY')) return playing(request);
    socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 5\r\n\r\nANNOUNCE * RTSP/1.0\r\nCSeq: 6\r\n\r\n');
    setTimeout(() => socket.write(Buffer.from([0x24, 3, 0, 8, 0x81, 203, 0, 1, 0, 0, 0, 7])), 200);
    return playing(request);
  });
  await t.rejects(read(url, new AbortController().signal), { code: 'CAMERA_ENDED' });
  t.ok(requests.includes('RTSP/1.0 200 OK\r\nCSeq: 5'));
  t.ok(requests.includes('RTSP/1.0 501 Not Implemented\r\nCSeq: 6'));
});
