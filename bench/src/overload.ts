import type { DetectionEvent } from '@framebus/contract';
import { Stack } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import type { Row } from './row.js';
import { quantile, residentMiB, sleep } from './statistics.js';

const cameras = 16;
const inferenceMs = 62;
const fps = 10;
const totalMs = 90_000;
const warmUpMs = 15_000;

export interface Overloaded {
  /** Frames that came, over those that were analysed. */
  readonly times: number;
  /** Ages of analysed frames in ms: median of all, and 99th percentile of each half of the time. */
  readonly p50: number;
  readonly p99: { readonly early: number; readonly late: number };
  /** Of the camera that got least and of that which got most, over an equal share. */
  readonly share: { readonly least: number; readonly greatest: number };
  /** Resident memory of the detector. */
  readonly mib: { readonly early: number; readonly late: number };
}

/** Sixteen cameras at 10 fps for a detector that can do a tenth of it, for a minute and a half. */
export async function measureOverload(): Promise<Overloaded> {
  const pictures = await demoPictures(50);
  await using stack = await Stack.start({
    detectorEnv: { DETECTOR_MIN_INFERENCE_MS: `${inferenceMs}` },
  });
  const ages: number[] = [];
  const perCamera = new Map<string, number>();
  stack.bus.connection.subscribe('detections.*', {
    callback: (_, message) => {
      const event = message.json<DetectionEvent>();
      ages.push(Date.now() - event.captured_at);
      perCamera.set(event.session_id, (perCamera.get(event.session_id) ?? 0) + 1);
    },
  });
  using feed = new Feed(stack.bus, cameras, fps, pictures);
  const { pid } = stack.detectors[0]?.process ?? {};
  await sleep(warmUpMs);
  ages.length = 0;
  perCamera.clear();
  const offeredBefore = feed.offered;
  await sleep(totalMs / 2 - warmUpMs);
  const memoryBefore = await residentMiB(pid);
  await sleep(totalMs / 2);
  const memoryAfter = await residentMiB(pid);
  const offered = cameras * (feed.offered - offeredBefore);
  const half = Math.floor(ages.length / 2);
  const [early, late] = [quantile(ages.slice(0, half), 0.99), quantile(ages.slice(half), 0.99)];
  const share = ages.length / cameras;
  const counts = [...perCamera.values()];
  const [least, greatest] = [Math.min(...counts) / share, Math.max(...counts) / share];
  return {
    times: offered / ages.length,
    p50: quantile(ages, 0.5),
    p99: { early, late },
    share: { least: counts.length === cameras ? least : 0, greatest },
    mib: { early: memoryBefore, late: memoryAfter },
  };
}

export async function overload(): Promise<Row[]> {
  const { times, p50, p99, share, mib } = await measureOverload();
  const most = 1_000 / fps + 1.5 * inferenceMs;
  const load = `${times.toFixed(1)} times overload, ${cameras} cameras, 90 s`;
  return [
    {
      what: `age of analysed frames at ${load}`,
      measured: `p50 ${p50.toFixed(0)} ms; p99 ${p99.early.toFixed(0)} ms in the first half, ${p99.late.toFixed(0)} ms in the second`,
      bar: `p99 ≤ a frame interval + 1.5 × inference (${most} ms), and flat: of the second half ≤ 1.1 × the first`,
      reached: Math.max(p99.early, p99.late) <= most && p99.late <= 1.1 * p99.early,
    },
    {
      what: `share of each camera at ${load}`,
      measured: `${share.least.toFixed(2)} to ${share.greatest.toFixed(2)} of an equal one`,
      bar: 'within 10 %',
      reached: share.least >= 0.9 && share.greatest <= 1.1,
    },
    {
      what: `memory of the detector at ${load}`,
      measured: `${mib.early.toFixed(0)} MiB after 45 s, ${mib.late.toFixed(0)} MiB at the end`,
      bar: 'flat: ≤ 1.1 ×',
      reached: mib.late <= 1.1 * mib.early,
    },
  ];
}
