import { setTimeout as sleep } from 'node:timers/promises';
import type { DetectionEvent } from '@framebus/contract';
import { Bus, createLogger, readSettings } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t, { type Test } from 'tap';
import { startDetector } from '../../src/detector.js';
import type { LoadModel } from '../../src/model.js';
import { ModelThread } from '../../src/model-thread.js';
import { settings } from '../../src/settings.js';
import { giveTurn, picture } from '../turns.js';
import { waitingModel } from '../waiting-model.js';

const log = createLogger('test', 'silent');
const jpeg = await picture();

interface Stats {
  readonly frames: number;
  readonly runs: number;
  readonly mean_batch: number;
  readonly dropped: Record<string, number>;
}

async function setUp(t: Test, env: Record<string, string>, load: LoadModel = ModelThread.load) {
  const server = await NatsServer.start();
  const config = readSettings(settings, {
    NATS_URL: server.url,
    DETECTOR_MODEL: 'shapes',
    DETECTOR_THREADS: '1',
    ...env,
  });
  const bus = await Bus.open(config, 'test', log);
  const events: (DetectionEvent & { readonly at: number })[] = [];
  bus.connection.subscribe('detections.*', {
    callback: (_, message) => {
      events.push({ ...message.json<DetectionEvent>(), at: performance.now() });
    },
  });
  const detector = await startDetector(config, log, new AbortController().signal, load);
  t.teardown(async () => {
    await detector[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const stats = async () => (await bus.connection.request('detector.health')).json<Stats>();
  return { bus, events, stats };
}

t.test('frames that come within the wait run together, without those that are none', async (t) => {
  const { bus, events, stats } = await setUp(t, {
    ...{ DETECTOR_BATCH: '4', DETECTOR_BATCH_WAIT_MS: '1000' },
  });
  await giveTurn(bus, 'a', jpeg, 1);
  await giveTurn(bus, 'b', new TextEncoder().encode('no picture'), 1);
  await giveTurn(bus, 'c', jpeg, 1);
  await giveTurn(bus, 'd', jpeg, 1);
  await until('three events', () => events.length === 3);
  t.same(events.map((event) => event.session_id).sort(), ['a', 'c', 'd']);
  t.same(events.map((event) => event.delivery_seq).sort(), [1, 3, 4]);
  t.equal(new Set(events.map((event) => event.inference_ms)).size, 1, 'one run');
  for (const { detections } of events) {
    t.same(detections.map((each) => each.class_name).sort(), ['blue object', 'red object']);
  }
  const { runs, mean_batch, dropped } = await until('three frames are counted', async () => {
    const now = await stats();
    return now.frames === 3 && now;
  });
  t.same([runs, mean_batch, dropped.undecodable], [1, 3, 1]);
  const tickets = await bus.jetstream.streams.get('TICKETS').then((stream) => stream.info());
  t.equal(tickets.state.messages, 0, 'all tickets are acked');
});

t.test('a batch waits no longer than it may, and not at all by default', async (t) => {
  for (const waitMs of [1_000, 0]) {
    const batch = { DETECTOR_BATCH: '4', DETECTOR_BATCH_WAIT_MS: `${waitMs}` };
    const { bus, events, stats } = await setUp(t, batch, waitingModel(1));
    await giveTurn(bus, 'warm', jpeg, 1);
    await until('first event', () => events.length === 1);
    const given = performance.now();
    await giveTurn(bus, 'a', jpeg, 1);
    await until('event', () => events.length === 2);
    const tookMs = (events[1]?.at ?? 0) - given;
    t.ok(tookMs >= waitMs && tookMs < waitMs + 900, `${tookMs} ms for a wait of ${waitMs} ms`);
    t.equal((await stats()).mean_batch, 1);
  }
});

t.test('without a wait, what came during a run is the next batch', async (t) => {
  const { bus, events, stats } = await setUp(t, { DETECTOR_BATCH: '8' }, waitingModel(1_000));
  let turn = 0;
  const give = async (names: readonly string[]) => {
    turn++;
    for (const name of names) await giveTurn(bus, name, jpeg, turn, turn - 1);
  };
  // Two rounds teach the pace how long a run takes.
  for (let round = 1; round <= 2; round++) {
    await give(['a']);
    await until('round', () => events.length === round);
  }
  const { runs } = await stats();
  await give(['a']);
  await sleep(50);
  await give(['b', 'c', 'd', 'e', 'f']);
  await until('events', () => events.length === 8);
  t.same(
    events
      .slice(3)
      .map((event) => event.session_id)
      .sort(),
    ['b', 'c', 'd', 'e', 'f'],
  );
  t.equal((await stats()).runs, runs + 2);
});
