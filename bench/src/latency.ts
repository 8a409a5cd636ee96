import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  freePort,
  observed,
  publishFile,
  repositoryFile,
  Stack,
  scrape,
  until,
  type Viewer,
} from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import { measureHops } from './hops/hops.js';
import type { Row } from './row.js';
import { p50p99, quantile, sleep } from './statistics.js';

const rounds = 5;
/** Of a round. */
const frames = 200;
const cameras = 8;
const load = 0.8;
const model = 'nano';
const threads = 1;
const settleMs = 3_000;

/** What the frames of one round took, in ms. */
interface Round {
  /** Of each frame, from capture to the WebSocket client, less decoding and inference. */
  readonly added: readonly number[];
  /** Means, as the detector's own metrics have them. */
  readonly decodeMs: number;
  readonly inferenceMs: number;
  /** Share of the time in which the model worked. */
  readonly load: number;
}

/** From capture to the event in a WebSocket client behind the gateway, less decoding and inference. */
export async function latency(): Promise<Row[]> {
  const hops = p50p99(await measureHops(frames));
  const [one, eight] = [await oneCamera(), await eightCameras()];
  return [
    { ...one, measured: `${one.measured}; the same hops bare, with nothing to do: ${hops}` },
    eight,
  ];
}

/** H.264 over RTSP. */
async function oneCamera(): Promise<Row> {
  const [stack, detector] = await start();
  await using _stack = stack;
  await using _camera = await publishFile(stack.rtspUrl('camera'));
  await stack.startSession('camera', stack.rtspUrl('camera'), { fps: 10 });
  await using viewer = await stack.view('camera', 'json', 'frames=none');
  await until('frames', () => viewer.of('frame_result').length > 0, { timeoutMs: 60_000 });
  await sleep(settleMs);
  const codings: number[] = [];
  const all: Round[] = [];
  for (let i = 0; i < rounds; i++) {
    const codingMs = await timeCoding();
    codings.push(codingMs);
    all.push(await watch([viewer], detector, codingMs));
  }
  const coding = quantile(codings, 0.5).toFixed(1);
  const what = `one camera of 1280 × 720 at 10 fps over RTSP, less H.264 decoding, scaling and JPEG encoding by ffmpeg at full speed (${coding} ms)`;
  return row(what, all, 8, 30);
}

/** Their JPEGs come from ingest's publishers, spread over time: eight decoders would be the load themselves. */
async function eightCameras(): Promise<Row> {
  const pictures = await demoPictures(50);
  const [stack, detector] = await start();
  await using _stack = stack;
  const viewers = await Promise.all(
    Array.from({ length: cameras }, (_, i) => stack.view(`camera-${i + 1}`, 'json', 'frames=none')),
  );
  // How long an inference takes depends on how much the cores do beside it, so the rate is found step by step.
  let [fps, offered] = [2, 0];
  const all: Round[] = [];
  for (let i = -2; i < rounds; i++) {
    using feed = new Feed(stack.bus, cameras, fps, pictures, offered, true);
    await sleep(settleMs);
    const round = await watch(viewers, detector, 0);
    if (i >= 0) all.push(round);
    fps = (load * 1_000) / round.inferenceMs / cameras;
    offered += feed.offered;
  }
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]();
  const loads = all.map((round) => `${(100 * round.load).toFixed(0)} %`).join(' ');
  const what = `${cameras} cameras, the model at work for ${100 * load} % of the time (${loads})`;
  return row(what, all, 15, 60);
}

async function start(): Promise<readonly [Stack, string]> {
  const port = await freePort();
  const detectorEnv = {
    DETECTOR_MODEL: model,
    DETECTOR_THREADS: `${threads}`,
    DETECTOR_PORT: `${port}`,
  };
  return [await Stack.start({ detectorEnv }), `http://127.0.0.1:${port}`];
}

function row(what: string, all: readonly Round[], p50: number, p99: number): Row {
  const of = (q: number) => all.map(({ added }) => quantile(added, q));
  const [medians, tails] = [of(0.5), of(0.99)];
  const [median, tail] = [quantile(medians, 0.5), quantile(tails, 0.5)];
  const each = (values: readonly number[]) => values.map((ms) => ms.toFixed(1)).join(' ');
  const decode = quantile(
    all.map(({ decodeMs }) => decodeMs),
    0.5,
  );
  return {
    what: `\`Captured-At\` to the event in a WebSocket client, less decoding for the model (${decode.toFixed(1)} ms) and inference, \`${model}\`, ${what}`,
    measured: `p50 ${median.toFixed(1)} ms (${each(medians)}), p99 ${tail.toFixed(1)} ms (${each(tails)}): medians of ${rounds} rounds of ${frames} frames`,
    bar: `p50 ≤ ${p50} ms, p99 ≤ ${p99} ms`,
    reached: median <= p50 && tail <= p99,
  };
}

/** One round from now on. `codingMs` is taken off as well. */
async function watch(
  viewers: readonly Viewer[],
  detector: string,
  codingMs: number,
): Promise<Round> {
  const [since, before] = [Date.now(), await scrape(detector)];
  const results = () =>
    viewers.flatMap((viewer) =>
      viewer.of('frame_result').filter(({ receivedAt }) => receivedAt >= since),
    );
  await until('frames', () => results().length >= frames, { timeoutMs: 120_000, everyMs: 500 });
  const [after, tookMs] = [await scrape(detector), Date.now() - since];
  const decode = observed(before, after, 'framebus_decode_duration_seconds');
  const inference = observed(before, after, 'framebus_inference_duration_seconds');
  const decodeMs = (1_000 * decode.sum) / decode.count;
  return {
    added: results().map(
      ({ receivedAt, timestamp, inference_ms = 0 }) =>
        receivedAt - 1_000 * timestamp - inference_ms - decodeMs - codingMs,
    ),
    decodeMs,
    inferenceMs: (1_000 * inference.sum) / inference.count,
    load: (1_000 * inference.sum) / tookMs,
  };
}

/** Mean time in which ffmpeg, as fast as it can beside what runs, makes a JPEG of a picture of the demo clip as ingest has it do. */
async function timeCoding(): Promise<number> {
  const file = repositoryFile('models/shapes/demo.mp4');
  const started = performance.now();
  const { stderr } = await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-threads', '1', '-i', file, '-an'],
    ...['-vf', "scale='min(800,iw)':-2,format=yuvj420p", '-c:v', 'mjpeg', '-q:v', '8'],
    ...['-threads', '1', '-f', 'null', '-'],
  ]);
  const pictures = Number([...stderr.matchAll(/frame= *(\d+)/g)].at(-1)?.[1]);
  return (performance.now() - started) / pictures;
}
