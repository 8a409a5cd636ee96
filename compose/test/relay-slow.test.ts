import { createLogger } from '@framebus/contract/service';
import { until } from '@framebus/test';
import t from 'tap';
import { type Relay, startRelay } from '../src/relay/relay.js';
import { play, publish, RtspClient, rtp, sequenceOf } from './relay-client.js';

const maxReaderBytes = 512 * 1024;
const packetsPerFrame = 10;
const framesPerGroup = 10;
const filler = Buffer.alloc(1200);

function start(stuckTimeoutMs: number): Promise<Relay> {
  const options = { host: '127.0.0.1', port: 0, maxReaderBytes, stuckTimeoutMs };
  return startRelay(options, createLogger('relay', 'silent'));
}

/** The packets of one frame; each group begins with a key frame. */
function frame(index: number): Buffer[] {
  const type = index % framesPerGroup === 0 ? 5 : 1;
  return Array.from({ length: packetsPerFrame }, (_, part) => {
    const fuHeader = Buffer.from([0x7c, (part === 0 ? 0x80 : 0) | type]);
    return rtp(index * packetsPerFrame + part, index, Buffer.concat([fuHeader, filler]));
  });
}

/** Sends frames no faster than the reader `pace` takes them. */
async function send(publisher: RtspClient, pace: RtspClient, from: number, to: number) {
  for (let index = from; index < to; index += 1) {
    for (const packet of frame(index)) publisher.sendFrame(0, packet);
    const wanted = (index + 1) * packetsPerFrame;
    await until(`packet ${wanted}`, () => pace.frames.length >= wanted, { everyMs: 1 });
  }
}

t.test('a reader that takes nothing stays bounded while another gets every packet', async (t) => {
  await using relay = await start(60_000);
  await using publisher = await publish(relay.port, 'camera');
  await using good = await play(relay.port, 'camera');
  await using slow = await play(relay.port, 'camera', '2-3');
  slow.socket.pause();
  await send(publisher, good, 0, 1503);
  const [path] = relay.paths();
  t.ok(path && path.droppedPackets > 0, `${path?.droppedPackets} packets dropped`);
  t.ok(path && path.queuedBytes >= maxReaderBytes / 2, `${path?.queuedBytes} bytes wait`);
  t.ok(path && path.queuedBytes < maxReaderBytes + 2000, `${path?.queuedBytes} bytes wait`);
  t.equal(good.frames.length, 1503 * packetsPerFrame);

  slow.socket.resume();
  await until('the slow reader has caught up', () => relay.paths()[0]?.queuedBytes === 0);
  await send(publisher, good, 1503, 1553);
  await until('its newest packet', () =>
    slow.frames.some(({ packet }) => sequenceOf(packet) === 1553 * packetsPerFrame - 1),
  );
  const sequences = slow.frames.map(({ packet }) => sequenceOf(packet));
  const gaps = sequences.flatMap((each, at) =>
    at > 0 && each !== sequences[at - 1]! + 1 ? [each] : [],
  );
  t.ok(gaps.length > 0);
  const group = packetsPerFrame * framesPerGroup;
  t.same(
    gaps.filter((each) => each % group !== 0),
    [],
    'every gap ends where a key frame begins',
  );
  const missing = 1553 * packetsPerFrame - sequences.length;
  t.equal(relay.paths()[0]?.droppedPackets, missing, 'what it did not get was counted');
});

t.test('a reader that stays stuck is closed, and no other', async (t) => {
  await using relay = await start(500);
  await using publisher = await publish(relay.port, 'camera');
  await using good = await play(relay.port, 'camera');
  await using stuck = await play(relay.port, 'camera');
  stuck.socket.pause();
  let sent = 0;
  await until('the stuck reader is closed', async () => {
    await send(publisher, good, sent, sent + 100);
    sent += 100;
    return relay.paths()[0]?.readers === 1;
  });
  t.notOk(good.closed);
  t.equal(good.frames.length, sent * packetsPerFrame);
});

t.test('a reader that is slow but takes something is not closed', async (t) => {
  await using relay = await start(500);
  await using publisher = await publish(relay.port, 'camera');
  await using good = await play(relay.port, 'camera');
  await using slow = await play(relay.port, 'camera');
  slow.socket.pause();
  const sips = setInterval(() => {
    slow.socket.resume();
    setImmediate(() => slow.socket.pause());
  }, 20);
  t.teardown(() => clearInterval(sips));
  const end = performance.now() + 2000;
  let sent = 0;
  while (performance.now() < end) {
    await send(publisher, good, sent, sent + 50);
    sent += 50;
  }
  t.notOk(slow.closed);
  t.equal(relay.paths()[0]?.readers, 2);
});

t.test('a client that asks without end and reads no answer is read no further', async (t) => {
  await using relay = await start(1000);
  await using _publisher = await publish(relay.port, 'camera');
  await using client = await RtspClient.connect(relay.port);
  client.socket.pause();
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  const requests = `DESCRIBE ${url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`.repeat(1000);
  let taken = 0;
  const ask = (error?: Error | null) => {
    if (error) return;
    taken += 1;
    client.socket.write(requests, ask);
  };
  ask();
  await until('nothing more is taken', async () => {
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return taken === before;
  });
  t.notOk(client.closed, 'not yet');
  await until('the client is closed', () => relay.connections === 1);
});
