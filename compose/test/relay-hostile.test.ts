import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLogger } from '@framebus/contract/service';
import { fuzzCases, until } from '@framebus/test';
import t from 'tap';
import { startRelay } from '../src/relay/relay.js';
import { play, publish, RtspClient, rtp, sdp, sequenceOf } from './relay-client.js';

const cases = fuzzCases(2_000);
const atOnce = 20;

/** Mulberry32: the same numbers on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What a publisher and a reader say, one after the other on one connection. */
const talk = [
  'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n',
  `ANNOUNCE rtsp://h/fuzz RTSP/1.0\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`,
  'SETUP rtsp://h/fuzz/streamid=0 RTSP/1.0\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n\r\n',
  'RECORD rtsp://h/fuzz RTSP/1.0\r\nCSeq: 4\r\n\r\n',
  `$\0\0\x10${rtp(1, 1, Buffer.from([0x65, 1, 2, 3])).toString('latin1')}`,
  `$\x01\0\x08${Buffer.from('80c8000100000000', 'hex').toString('latin1')}`,
  'TEARDOWN rtsp://h/fuzz RTSP/1.0\r\nCSeq: 5\r\n\r\n',
  'DESCRIBE rtsp://h/camera RTSP/1.0\r\nCSeq: 6\r\n\r\n',
  'SETUP rtsp://h/camera/trackID=0 RTSP/1.0\r\nCSeq: 7\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n',
  'PLAY rtsp://h/camera RTSP/1.0\r\nCSeq: 8\r\n\r\n',
  'GET_PARAMETER rtsp://h/camera RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 2\r\n\r\n\r\n',
];

function hostileBytes(seed: number): Buffer {
  const random = randomNumbers(seed);
  if (seed % 10 === 0) {
    return Buffer.from(Array.from({ length: 1 + random(4000) }, () => random(256)));
  }
  const first = random(talk.length);
  const parts = talk.slice(first, first + 1 + random(talk.length));
  if (random(3) === 0) parts.push(...talk.slice(0, random(talk.length)));
  let bytes = Buffer.from(parts.join(''), 'latin1');
  for (let edits = random(6); edits > 0; edits -= 1) {
    const at = random(bytes.length);
    const kind = random(4);
    if (kind === 0) bytes.writeUInt8(random(256), at);
    else if (kind === 1) bytes = bytes.subarray(0, Math.max(1, at));
    else {
      const piece = Buffer.alloc(kind === 2 ? 1 : 1 + random(40_000), random(256));
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    }
  }
  return bytes;
}

async function attack(port: number, seed: number): Promise<void> {
  const random = randomNumbers(~seed);
  const bytes = hostileBytes(seed);
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  const closed = once(socket, 'close');
  socket.resume();
  const cut = random(bytes.length);
  socket.write(bytes.subarray(0, cut));
  setImmediate(() => {
    socket.write(bytes.subarray(cut));
    if (seed % 3 === 0) socket.destroySoon();
    else socket.end();
  });
  await closed;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Sockets' buffers are freed a while after their collection, so the least of a second counts. */
async function settledBytes(): Promise<number> {
  let least = usedBytes();
  for (let count = 0; count < 10; count += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    least = Math.min(least, usedBytes());
  }
  return least;
}

t.test(`${cases} hostile clients harm no other and leave nothing behind`, async (t) => {
  await using relay = await startRelay(
    { host: '127.0.0.1', port: 0 },
    createLogger('relay', 'silent'),
  );
  await using publisher = await publish(relay.port, 'camera');
  await using reader = await play(relay.port, 'camera');
  const round = async (from: number, to: number) => {
    for (let seed = from; seed < to; seed += atOnce) {
      publisher.sendFrame(0, rtp(seed, seed, Buffer.from([0x41, 1])));
      await Promise.all(
        Array.from({ length: atOnce }, (_, each) => attack(relay.port, seed + each)),
      );
    }
    await until('only the two good ones are left', () => relay.connections === 2);
  };
  await round(0, cases / 4);
  const before = await settledBytes();
  await round(cases / 4, cases);
  const grownKiB = Math.round(((await settledBytes()) - before) / 1024);
  t.ok(grownKiB < 2048, `memory grew by ${grownKiB} KiB`);
  t.match(relay.paths(), [{ name: 'camera', readers: 1, droppedPackets: 0 }]);
  t.same(
    reader.frames.map(({ packet }) => sequenceOf(packet)),
    Array.from({ length: cases / atOnce }, (_, index) => index * atOnce),
    'the good reader got every packet',
  );
});

t.test('bytes that are no RTSP are answered 400 and end their connection', async (t) => {
  await using relay = await startRelay(
    { host: '127.0.0.1', port: 0 },
    createLogger('relay', 'silent'),
  );
  await using client = await RtspClient.connect(relay.port);
  client.socket.write('\x16\x03\x01\x02\x00\x01');
  await until('the connection is closed', () => client.closed);
  t.match(client.replies, [{ status: 400 }]);
});

t.test('packets on unknown channels, or that are no RTP, reach no reader', async (t) => {
  await using relay = await startRelay(
    { host: '127.0.0.1', port: 0 },
    createLogger('relay', 'silent'),
  );
  await using publisher = await publish(relay.port, 'camera');
  await using reader = await play(relay.port, 'camera');
  const good = rtp(1, 1, Buffer.from([0x41, 1]));
  publisher.sendFrame(7, good);
  publisher.sendFrame(0, Buffer.from('not RTP'));
  publisher.sendFrame(0, Buffer.alloc(0));
  publisher.sendFrame(0, good);
  await until('the good packet', () => reader.frames.length > 0);
  t.same(reader.frames, [{ channel: 0, packet: good }]);
});
