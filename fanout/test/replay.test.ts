import { setTimeout as sleep } from 'node:timers/promises';
import { detectionMessageId } from '@framebus/contract';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { Detector } from './detector.js';
import { start } from './start.js';
import { Watcher } from './watcher.js';

const server = await NatsServer.start();
const fanout = await start(server);
const detector = await Detector.start(server);
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await fanout[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Stores an event, as a detector does: the server drops a second one. */
function store(session: string, index: number) {
  const event = detector.event(session, index);
  return detector.bus.jetstream.publish(`detections.${session}`, JSON.stringify(event), {
    msgID: detectionMessageId(event),
  });
}

for (const protocols of [[], ['msgpack']]) {
  t.test(`replay then live has no gap and no duplicate ${protocols}`, async (t) => {
    const session = `steady${protocols}`;
    const last = 700;
    const since = Date.now() / 1000;
    for (let index = 1; index <= 400; index += 50) {
      const batch = Array.from({ length: 50 }, (_, i) => index + i);
      // N detectors finish out of order.
      if (index > 1) batch.reverse();
      await Promise.all(batch.map((i) => store(session, i)));
    }
    const publishing = (async () => {
      for (let index = 401; index <= last; index += 1) {
        await store(session, index);
        if (index % 10 === 0) await sleep(5);
      }
    })();
    await sleep(20);
    using watcher = await Watcher.open(
      fanout.url,
      `/ws/stream/${session}?since=${since}`,
      protocols,
    );
    await publishing;
    await watcher.frame(last);
    t.same(
      watcher.indexes,
      Array.from({ length: last }, (_, i) => i + 1),
    );
    t.ok(watcher.of('frame_result').every((m) => (m.annotated_frame ?? m.frame ?? null) === null));
  });
}

t.test(
  'after a frame index or a cursor, replay then live has no gap and no duplicate',
  async (t) => {
    const sequences: number[] = [];
    for (let at = 1; at <= 300; at += 20) {
      // N detectors finish out of order; events of other sessions are in between.
      const batch = Array.from({ length: 20 }, (_, i) => at + 19 - i);
      const acks = await Promise.all(
        batch.flatMap((i) => [store('sought', i), store('beside', i)]),
      );
      sequences.push(...acks.map(({ seq }) => seq));
    }
    const cursor = sequences[2 * 240 - 1];
    const publishing = (async () => {
      for (let index = 301; index <= 400; index += 1) await store('sought', index);
    })();
    const open = (since: string) => Watcher.open(fanout.url, `/ws/stream/sought?since=${since}`);
    using byIndex = await open('index:250');
    using byCursor = await open(`seq:${cursor}`);
    using byFuture = await open('index:1000');
    await publishing;
    await Promise.all([byIndex.frame(400), byCursor.frame(400)]);
    const from = (first: number) => Array.from({ length: 401 - first }, (_, i) => first + i);
    t.same(byIndex.indexes, from(251));
    t.same(byCursor.indexes, from(241));
    await store('sought', 1_001);
    await byFuture.frame(1_001);
  },
);

t.test('a frame that a detector had when the replay began comes in its place', async (t) => {
  await using patient = await start(server, { REORDER_MS: '1500' });
  await Promise.all([1, 2, 3, 4, 5, 7, 8].map((index) => store('slow', index)));
  using watcher = await Watcher.open(patient.url, '/ws/stream/slow?since=index:3');
  await store('slow', 10);
  await store('slow', 6);
  await store('slow', 9);
  await watcher.frame(10);
  t.same(watcher.indexes, [4, 5, 6, 7, 8, 9, 10]);
});

t.test('since takes a time in words of ISO 8601, and what is older is left out', async (t) => {
  await store('iso', 1);
  await sleep(30);
  const since = new Date().toISOString();
  await sleep(5);
  await store('iso', 2);
  using watcher = await Watcher.open(fanout.url, `/ws/stream/iso?since=${since}`);
  await watcher.frame(2);
  await store('iso', 3);
  await watcher.frame(3);
  t.same(watcher.indexes, [2, 3]);
});

t.test('nothing stored since then: the viewer is live at once', async (t) => {
  using watcher = await Watcher.open(fanout.url, `/ws/stream/empty?since=${Date.now() / 1000}`);
  await store('empty', 1);
  await watcher.frame(1);
  t.same(watcher.indexes, [1]);
});

t.test('more than 10,000 events are not replayed: the viewer is told and is live', async (t) => {
  const text = JSON.stringify(detector.event('long', 1));
  for (let index = 0; index < 10_001; index += 1) {
    detector.bus.connection.publish('detections.long', text);
  }
  await until(
    'all are stored',
    async () => {
      const manager = await detector.bus.connection.jetstreamManager();
      const info = await manager.streams.info('DETECTIONS', { subjects_filter: 'detections.long' });
      return info.state.subjects?.['detections.long'] === 10_001;
    },
    { everyMs: 200 },
  );
  using watcher = await Watcher.open(fanout.url, '/ws/stream/long?since=0');
  const { message } = await watcher.next('error');
  t.match(message, /10001 events are stored since then, at most 10000 are replayed/);
  await store('long', 2);
  await watcher.frame(2);
  // Some of them may have been on their way still.
  t.ok(watcher.indexes.length <= 2);
});

t.test('a replay leaves no consumer behind', async (t) => {
  const manager = await detector.bus.connection.jetstreamManager();
  await until('no consumer is left', async () => {
    return (await manager.consumers.list('DETECTIONS').next()).length === 0;
  });
  t.pass();
});
