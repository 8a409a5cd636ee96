import type { DetectionEvent } from '@framebus/contract';
import { grows, Stack, until } from '@framebus/test';
import t from 'tap';
import { demoPictures, Feed } from '../feed.js';

/** Events as any client of NATS sees them. */
function collect(stack: Stack) {
  const events: (DetectionEvent & { readonly age_ms: number })[] = [];
  stack.bus.connection.subscribe('detections.*', {
    callback: (_, message) => {
      const event = message.json<DetectionEvent>();
      events.push({ ...event, age_ms: Date.now() - event.captured_at });
    },
  });
  return events;
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

t.test('each delivered ticket gives exactly one event, whatever detector took it', async (t) => {
  const pictures = await demoPictures(50);
  await using stack = await Stack.start({ detectors: 2 });
  await using viewer = await stack.view('camera-1', 'json', 'frames=none');
  const events = collect(stack);
  const feed = new Feed(stack.bus, 3, 40, pictures);
  await seconds(6);
  feed[Symbol.dispose]();
  const manager = await stack.bus.connection.jetstreamManager();
  const consumer = await until('queue is empty', async () => {
    const info = await manager.consumers.info('TICKETS', 'detectors');
    return info.num_pending === 0 && info.num_ack_pending === 0 ? info : undefined;
  });
  await seconds(0.5);
  const delivered = consumer.delivered.consumer_seq;
  t.ok(delivered > 100, `${delivered} tickets`);
  t.equal(events.length, delivered, 'as many events as tickets');
  t.same(
    events.map((event) => event.delivery_seq).sort((a, b) => a - b),
    Array.from({ length: delivered }, (_, i) => i + 1),
    'one for each delivery',
  );
  const frames = new Set(events.map((event) => `${event.session_id} ${event.frame_index}`));
  t.equal(frames.size, events.length, 'no frame was analysed twice');
  t.equal(new Set(events.map((event) => event.detector)).size, 2, 'both detectors worked');
  t.ok(viewer.frameIndexes.length > 0.9 * events.filter((e) => e.session_id === 'camera-1').length);
  t.ok(grows(viewer.frameIndexes), 'viewers see growing indexes only');
});

t.test('two detectors analyse twice the frames of one camera that one analyses', async (t) => {
  const pictures = await demoPictures(20);
  const slow = { DETECTOR_MIN_INFERENCE_MS: '100' };
  await using stack = await Stack.start({ detectorEnv: slow });
  const events = collect(stack);
  using _feed = new Feed(stack.bus, 1, 20, pictures);
  const rate = async () => {
    await seconds(1);
    const before = events.length;
    await seconds(5);
    return (events.length - before) / 5;
  };
  const one = await rate();
  await stack.addDetector(slow);
  const two = await rate();
  t.comment(`${one} and ${two} frames per second`);
  t.ok(one >= 8.5 && one <= 10.5, `one: ${one}`);
  t.ok(two >= 1.9 * one, `two: ${two}, ${(two / one).toFixed(2)} times as many`);
});

t.test('at five times overload 16 cameras in phase get equal shares of fresh frames', async (t) => {
  const pictures = await demoPictures(20);
  // 20 frames per second for the 160 that come, less the time to spare.
  const slow = { DETECTOR_MIN_INFERENCE_MS: '31' };
  await using stack = await Stack.start({ detectorEnv: slow });
  const events = collect(stack);
  using _feed = new Feed(stack.bus, 16, 10, pictures);
  await seconds(2);
  events.length = 0;
  await seconds(12);
  const counts = Array.from(
    { length: 16 },
    (_, i) => events.filter((event) => event.session_id === `camera-${i + 1}`).length,
  );
  const share = events.length / 16;
  t.comment(`${counts.join(' ')}: ${(events.length / 12).toFixed(1)} frames per second`);
  t.ok(events.length / 12 < 160 / 4, 'it is overloaded');
  t.ok(Math.min(...counts) >= 0.8 * share, `least ${Math.min(...counts)} of ${share}`);
  t.ok(Math.max(...counts) <= 1.2 * share, `most ${Math.max(...counts)} of ${share}`);
  const age = (part: typeof events) => {
    const ages = part.map((event) => event.age_ms).sort((a, b) => a - b);
    return ages[Math.floor(0.95 * ages.length)] as number;
  };
  const half = events.length / 2;
  const [early, late] = [age(events.slice(0, half)), age(events.slice(half))];
  t.ok(late <= 1.25 * early + 20, `age p95 stays flat: ${early} ms, then ${late} ms`);
  t.ok(late <= 250, 'frames are fresh: one interval, one inference and the way');
});

t.test(
  'a camera goes on within 1 s of the death of the detector that held its frame',
  async (t) => {
    const pictures = await demoPictures(20);
    const slow = { DETECTOR_MIN_INFERENCE_MS: '300' };
    await using stack = await Stack.start({ detectors: 2, detectorEnv: slow });
    const events = collect(stack);
    using feed = new Feed(stack.bus, 1, 10, pictures);
    await until('events', () => events.length > 4);
    await stack.detectors[0]?.stop('SIGKILL');
    const killedAt = Date.now();
    const last = feed.offered;
    const next = await until('a frame of after the death is analysed', () =>
      events.find((event) => event.frame_index > last),
    );
    const tookMs = Date.now() - killedAt;
    t.ok(tookMs <= 1_000, `${tookMs} ms, frame ${next.frame_index}`);
    await seconds(2);
    const frames = events.map((event) => event.frame_index);
    t.equal(new Set(frames).size, frames.length, 'no event doubles');
  },
);
