import { cpus } from 'node:os';
import { type Child, repositoryFile, Stack, startNode, until } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import type { Row } from './row.js';
import { quantile, sleep } from './statistics.js';

const inferenceMs = 50;
const cameras = 16;
const rounds = 3;
const seconds = 5;
const detectorCounts = [1, 2, 4, 8, 16, 32] as const;
/** Beyond it the cores of a small machine bound what is measured. */
const mostBarred = 8;

/**
 * Events per second of 1 to 32 detectors on one queue, each a process. An inference is a wait, so that cores bound only
 * what is around it: fetching, decoding and publishing are real.
 */
export async function scaleOut(): Promise<Row> {
  const pictures = await demoPictures(50);
  const fps: number[] = [];
  const busy: number[] = [];
  await using stack = await Stack.start({ detectors: 0 });
  await using detectors = new Detectors();
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  for (const count of detectorCounts) {
    await detectors.growTo(count, stack.nats.url);
    // A fifth more than all of them can do.
    const offered = (1.2 * count * 1_000) / inferenceMs / cameras;
    using _feed = new Feed(stack.bus, cameras, offered, pictures, 1_000_000 * count, true);
    await sleep(3_000);
    const measured: number[] = [];
    const idle = idleMs();
    const begun = performance.now();
    for (let round = 0; round < rounds; round++) {
      const [before, started] = [events, performance.now()];
      await sleep(1_000 * seconds);
      measured.push((events - before) / ((performance.now() - started) / 1_000));
    }
    busy.push(1 - (idleMs() - idle) / (performance.now() - begun) / cpus().length);
    fps.push(quantile(measured, 0.5));
  }
  const shares = detectorCounts.map(
    (count, i) => (fps[i] as number) / (count * (fps[0] as number)),
  );
  const listed = detectorCounts.map(
    (count, i) =>
      `${count}: ${fps[i]?.toFixed(1)} fps, ${shares[i]?.toFixed(2)} of linear, cores ${(100 * (busy[i] as number)).toFixed(0)} % busy`,
  );
  return {
    what: `frames per second of ${detectorCounts.join(', ')} detectors with inferences of ${inferenceMs} ms (a wait), ${cameras} cameras`,
    measured: listed.join('; '),
    bar: `≥ 0.95 of linear up to ${mostBarred}; then the cores are the bound`,
    reached: detectorCounts.every((count, i) => count > mostBarred || (shares[i] ?? 0) >= 0.95),
  };
}

class Detectors implements AsyncDisposable {
  readonly #children: Child[] = [];

  async growTo(count: number, natsUrl: string): Promise<void> {
    const script = repositoryFile('bench/dist/src/waiting-detector-main.js');
    const env = { NATS_URL: natsUrl, DETECTOR_THREADS: '1' };
    while (this.#children.length < count) this.#children.push(await startNode(script, env));
    const ready = () => this.#children.every(({ output }) => output.includes('"ready"'));
    await until('detectors are ready', ready, { timeoutMs: 240_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}

/** Of all cores together, since the machine started. */
function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
