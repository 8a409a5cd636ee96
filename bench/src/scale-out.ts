import { Stack } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import type { Row } from './row.js';
import { quantile, sleep } from './statistics.js';

const inferenceMs = 50;
const cameras = 8;
const rounds = 3;
const seconds = 8;
const detectorCounts = [1, 2, 4] as const;

/**
 * Events per second of 1, 2 and 4 detectors on one queue. Each inference is stretched to 50 ms by waiting, so that the
 * machine's cores do not bound it; fetching, decoding and publishing are real.
 */
export async function scaleOut(): Promise<Row> {
  const pictures = await demoPictures(50);
  const detectorEnv = { DETECTOR_MIN_INFERENCE_MS: `${inferenceMs}`, DETECTOR_THREADS: '1' };
  const fps: number[] = [];
  await using stack = await Stack.start({ detectors: 0 });
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  for (const count of detectorCounts) {
    while (stack.detectors.length < count) await stack.addDetector(detectorEnv);
    // A fifth more than all of them can do.
    using _feed = new Feed(
      stack.bus,
      cameras,
      (1.2 * count * 1_000) / inferenceMs / cameras,
      pictures,
      1_000_000 * count,
    );
    await sleep(2_000);
    const measured: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [before, started] = [events, performance.now()];
      await sleep(1_000 * seconds);
      measured.push((events - before) / ((performance.now() - started) / 1_000));
    }
    fps.push(quantile(measured, 0.5));
  }
  const shares = detectorCounts.map(
    (count, i) => (fps[i] as number) / (count * (fps[0] as number)),
  );
  const listed = detectorCounts.map((count, i) => `${count}: ${fps[i]?.toFixed(1)} fps`);
  return {
    what: `frames per second of ${detectorCounts.join(', ')} detectors with inferences of ${inferenceMs} ms (a wait), ${cameras} cameras`,
    measured: `${listed.join(', ')}; ${shares.map((share) => share.toFixed(2)).join(', ')} of linear`,
    bar: '≥ 0.95 of linear',
    reached: shares.every((share) => share >= 0.95),
  };
}
