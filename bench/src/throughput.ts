import { Stack } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import { bareLoop } from './bare-loop.js';
import type { Row } from './row.js';
import { quantile, sleep } from './statistics.js';

const rounds = 5;
const seconds = 4;

/** Frames per second from ingest's publisher to confirmed events, one camera, over the bare loop; rounds take turns. */
export async function throughput(): Promise<Row> {
  const pictures = await demoPictures(100);
  const bare: number[] = [];
  const ours: number[] = [];
  await using stack = await Stack.start();
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  for (let round = 0; round < rounds; round++) {
    bare.push(await bareLoop(pictures, seconds));
    using _feed = new Feed(stack.bus, 1, 250, pictures, 1_000_000 * round);
    await sleep(1_000);
    const before = events;
    const started = performance.now();
    await sleep(1_000 * seconds);
    ours.push((events - before) / ((performance.now() - started) / 1_000));
  }
  const ratios = ours.map((fps, i) => fps / (bare[i] as number));
  const ratio = quantile(ratios, 0.5);
  return {
    what: 'frames per second, one detector saturated by one camera, over a bare loop of decode and `session.run`',
    measured: `${ratio.toFixed(2)} × (median of ${rounds} rounds, ${ratios.map((r) => r.toFixed(2)).join(' ')}); ${quantile(ours, 0.5).toFixed(0)} over ${quantile(bare, 0.5).toFixed(0)} fps`,
    bar: '≥ 0.85 ×',
    reached: ratio >= 0.85,
  };
}
