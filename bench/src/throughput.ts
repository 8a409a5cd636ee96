import { Stack } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import { type Bare, bare } from './bare-loop.js';
import type { Row } from './row.js';
import { quantile, sleep } from './statistics.js';

const rounds = 5;
const seconds = 4;
const model = 'nano';
const threads = 1;
/** What the camera gives of what the model can take: more would only cost the cores that both run on. */
const saturating = 1.3;

/**
 * Frames per second from ingest's publisher to confirmed events, one camera, over the bare loop and over bare
 * `session.run`, all with one thread a run; rounds take turns.
 */
export async function throughput(): Promise<Row[]> {
  const pictures = await demoPictures(100);
  const peers: Bare[] = [];
  const ours: number[] = [];
  await using stack = await Stack.start({
    detectorEnv: { DETECTOR_MODEL: model, DETECTOR_THREADS: `${threads}` },
  });
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  for (let round = 0; round < rounds; round++) {
    peers.push(await bare(model, threads, pictures, seconds));
    const fps = saturating * (peers.at(-1) as Bare).run;
    using _feed = new Feed(stack.bus, 1, fps, pictures, 1_000_000 * round);
    await sleep(1_000);
    const before = events;
    const started = performance.now();
    await sleep(1_000 * seconds);
    ours.push((events - before) / ((performance.now() - started) / 1_000));
  }
  const over = (what: string, peer: (bare: Bare) => number): Row => {
    const ratios = ours.map((fps, i) => fps / peer(peers[i] as Bare));
    const ratio = quantile(ratios, 0.5);
    return {
      what: `frames per second, one detector (\`${model}\`, ${threads} thread) saturated by one camera, over ${what}`,
      measured: `${ratio.toFixed(2)} × (median of ${rounds} rounds, ${ratios.map((r) => r.toFixed(2)).join(' ')}); ${quantile(ours, 0.5).toFixed(0)} over ${quantile(peers.map(peer), 0.5).toFixed(0)} fps`,
      bar: '≥ 0.95 ×',
      reached: ratio >= 0.95,
    };
  };
  return [
    over('a bare loop of decode, resize and `session.run`', ({ loop }) => loop),
    over('bare `session.run`', ({ run }) => run),
  ];
}
