import type { DetectionEvent } from '@framebus/contract';
import { grows, Stack, until } from '@framebus/test';
import t from 'tap';
import { demoPictures, Feed } from '../feed.js';

const cameras = 4;
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

interface Stats {
  readonly frames: number;
  readonly runs: number;
  readonly mean_batch: number;
}

t.test('a slow model is given the frames of four cameras at once', async (t) => {
  const pictures = await demoPictures(20);
  await using stack = await Stack.start({
    detectorEnv: { DETECTOR_BATCH: `${cameras}`, DETECTOR_MIN_INFERENCE_MS: '300' },
  });
  await using viewer = await stack.view('camera-2', 'json', 'frames=none');
  const events: (DetectionEvent & { readonly age_ms: number })[] = [];
  stack.bus.connection.subscribe('detections.*', {
    callback: (_, message) => {
      const event = message.json<DetectionEvent>();
      events.push({ ...event, age_ms: Date.now() - event.captured_at });
    },
  });
  const feed = new Feed(stack.bus, cameras, 10, pictures);
  await seconds(12);
  feed[Symbol.dispose]();
  const manager = await stack.bus.connection.jetstreamManager();
  const consumer = await until('queue is empty', async () => {
    const info = await manager.consumers.info('TICKETS', 'detectors');
    return info.num_pending === 0 && info.num_ack_pending === 0 ? info : undefined;
  });
  await seconds(1);

  const delivered = consumer.delivered.consumer_seq;
  t.same(
    events.map((event) => event.delivery_seq).sort((a, b) => a - b),
    Array.from({ length: delivered }, (_, i) => i + 1),
    `one event for each of ${delivered} deliveries`,
  );
  const frames = new Set(events.map((event) => `${event.session_id} ${event.frame_index}`));
  t.equal(frames.size, events.length, 'no frame was analysed twice');

  const counts = Array.from(
    { length: cameras },
    (_, i) => events.filter((event) => event.session_id === `camera-${i + 1}`).length,
  );
  t.comment(`${counts.join(' ')} events`);
  t.ok(Math.min(...counts) > 0.8 * (events.length / cameras), 'each camera has its share');
  t.ok(events.length > 2 * (12_000 / 300), 'more than single runs could give');
  const ages = events.map((event) => event.age_ms).sort((a, b) => a - b);
  const ageMs = ages[Math.floor(0.9 * ages.length)] as number;
  t.ok(ageMs < 900, `nine of ten frames are less than ${ageMs} ms old: two runs and the way`);

  const health = await stack.bus.connection.request('detector.health');
  const { frames: analysed, runs, mean_batch } = health.json<Stats>();
  t.equal(analysed, delivered);
  t.comment(`${analysed} frames in ${runs} runs, ${mean_batch} each`);
  t.ok(analysed / runs > 2 && mean_batch > 2);
  t.ok(viewer.frameIndexes.length > 0.9 * (counts[1] as number));
  t.ok(grows(viewer.frameIndexes), 'viewers see growing indexes only');
});
