import { Stack } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import type { Row } from './row.js';
import { quantile, sleep } from './statistics.js';

const cameras = 8;
const rounds = 3;
const seconds = 6;
const model = 'nano';

/** Frames per second of one saturated detector that takes eight cameras' frames singly and by four; rounds take turns. */
export async function batch(): Promise<Row> {
  const pictures = await demoPictures(100);
  await using stack = await Stack.start({ detectors: 0 });
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  const fps = new Map<number, number[]>([1, 4].map((size) => [size, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [size, measured] of fps) {
      await using _detector = await stack.addDetector({
        ...{ DETECTOR_MODEL: model, DETECTOR_BATCH: `${size}`, DETECTOR_THREADS: '1' },
      });
      using _feed = new Feed(
        stack.bus,
        cameras,
        40,
        pictures,
        10_000_000 * round + 1_000_000 * size,
      );
      await sleep(2_000);
      const [before, started] = [events, performance.now()];
      await sleep(1_000 * seconds);
      measured.push((events - before) / ((performance.now() - started) / 1_000));
    }
  }
  const [single, byFour] = [...fps.values()].map((measured) => quantile(measured, 0.5)) as [
    number,
    number,
  ];
  return {
    what: `frames per second of one detector (\`${model}\`, 1 thread of a CPU) with ${cameras} cameras, batch 4 over batch 1`,
    measured: `${(byFour / single).toFixed(2)} × (median of ${rounds} rounds; ${byFour.toFixed(0)} over ${single.toFixed(0)} fps)`,
    bar: '≥ 0.95 ×: a batch costs nothing; it pays on a GPU',
    reached: byFour / single >= 0.95,
  };
}
