import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { Detector, grey } from './detector.js';
import { start } from './start.js';
import { statesFollowed, Watcher } from './watcher.js';

const server = await NatsServer.start();
const fanout = await start(server);
const detector = await Detector.start(server);
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await fanout[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

t.test('viewers see frame indexes that only grow, however detectors finish', async (t) => {
  await detector.want('shuffled');
  using json = await Watcher.open(fanout.url, '/ws/stream/shuffled');
  using msgpack = await Watcher.open(fanout.url, '/ws/stream/shuffled', ['msgpack']);
  const jpeg = await grey();
  const indexes = [1, 3, 2, 4, 4, 7, 6, 5, 8, 10, 11, 12, 3];
  for (let index = 1; index <= 12; index += 1) detector.publishFrame('shuffled', index, jpeg);
  for (const index of indexes) detector.publish(detector.event('shuffled', index));
  await json.frame(12);
  await msgpack.frame(12);
  const expected = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12];
  t.same(json.indexes, expected, 'in JSON, where pictures are drawn');
  t.same(msgpack.indexes, expected, 'in MessagePack');
  t.equal(fanout.counters.duplicate, 2);
  detector.publish(detector.event('shuffled', 9));
  detector.publish(detector.event('shuffled', 13));
  await msgpack.frame(13);
  t.same(msgpack.indexes, [...expected, 13]);
  t.equal(fanout.counters.late, 1);
});

t.test('an unbroken chain does not wait for a detector', async (t) => {
  using watcher = await Watcher.open(fanout.url, '/ws/stream/quick?frames=none');
  const before = fanout.counters.held;
  for (let index = 1; index <= 20; index += 1) detector.publish(detector.event('quick', index));
  await watcher.frame(20);
  t.equal(fanout.counters.held, before);
});

t.test('a session made anew under the same id may count from 1 again', async (t) => {
  await detector.want('anew', {}, 1);
  using watcher = await Watcher.open(fanout.url, '/ws/stream/anew?frames=none');
  detector.publish(detector.event('anew', 500));
  await watcher.frame(500);
  await detector.bus.bucket('sessions').delete('anew');
  await detector.want('anew', {}, 2);
  await until('the new session is shown', () => {
    detector.publish(detector.event('anew', 1, { previous_ticket_index: 0 }));
    return watcher.indexes.includes(1);
  });
  t.same(watcher.indexes, [500, 1]);
});

t.test('200 viewers get the same bytes, which were encoded once', async (t) => {
  const { encoded } = fanout.counters;
  const watchers = await Promise.all(
    Array.from({ length: 200 }, () => Watcher.open(fanout.url, '/ws/stream/many')),
  );
  // Each got a greeting of its own.
  t.equal(fanout.counters.encoded - encoded, 200);
  detector.publish(detector.event('many', 1));
  const texts = await Promise.all(watchers.map((watcher) => watcher.frame(1)));
  t.equal(new Set(texts.map((text) => JSON.stringify(text))).size, 1);
  t.equal(fanout.counters.encoded - encoded, 201);
  for (const watcher of watchers) watcher[Symbol.dispose]();
});

t.test(
  'viewers stay while NATS is away, and events flow again soon after it is back',
  async (t) => {
    await detector.want('steady', { enable_drawing: false });
    using watcher = await Watcher.open(fanout.url, '/ws/stream/steady', ['msgpack']);
    await server.kill();
    await until('not ready', async () => (await fetch(`${fanout.url}/readyz`)).status === 503);
    t.equal((await fetch(`${fanout.url}/healthz`)).status, 200);
    await server.up();
    const start = performance.now();
    const jpeg = await grey();
    let index = 0;
    await until('a frame', () => {
      index += 1;
      detector.publishFrame('steady', index, jpeg);
      detector.publish(detector.event('steady', index));
      return watcher.of('frame_result').some((m) => m.frame !== null);
    });
    t.ok(performance.now() - start < 5_000);
    t.equal(watcher.closed, undefined);
    t.equal((await fetch(`${fanout.url}/readyz`)).status, 200);
    await statesFollowed(fanout.url, detector);
  },
);
