import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PictureDecoder } from '@framebus/detector/dist/src/picture.js';
import { findModel } from '@framebus/models';
import { publishFile, repositoryFile, Stack, until, type Viewer } from '@framebus/test';
import { demoPictures, Feed, feedHeight, feedWidth } from '@framebus/test/feed';
import { bare } from './bare-loop.js';
import type { Row } from './row.js';
import { p50p99, quantile } from './statistics.js';

const frames = 300;
const warmUps = 20;
const cameras = 8;
const load = 0.8;
const model = 'nano';
const threads = 1;

/** From capture to the event in a WebSocket client behind the gateway, less decoding and inference. */
export async function latency(): Promise<Row[]> {
  return [await oneCamera(), await eightCameras()];
}

/** H.264 over RTSP. */
async function oneCamera(): Promise<Row> {
  const env = { DETECTOR_MODEL: model, DETECTOR_THREADS: `${threads}` };
  await using stack = await Stack.start({ detectorEnv: env });
  await using _camera = await publishFile(stack.rtspUrl('camera'));
  await stack.startSession('camera', stack.rtspUrl('camera'), { fps: 10 });
  await using viewer = await stack.view('camera', 'json', 'frames=none');
  const [coding, decoding] = [await codingMs(), await decodeMs()];
  const added = await addedBy([viewer], coding + decoding);
  const what = `one camera of 1280 × 720 at 10 fps over RTSP, less H.264 decoding, scaling and JPEG encoding by ffmpeg alone (${coding.toFixed(1)} ms)`;
  return row(what, added, 8, 30);
}

/** Their JPEGs come from ingest's publishers, spread over time: eight decoders would be the load themselves. */
async function eightCameras(): Promise<Row> {
  const env = { DETECTOR_MODEL: model, DETECTOR_THREADS: `${threads}` };
  const pictures = await demoPictures(50);
  const { run } = await bare(model, threads, pictures, 3);
  await using stack = await Stack.start({ detectorEnv: env });
  const viewers = await Promise.all(
    Array.from({ length: cameras }, (_, i) => stack.view(`camera-${i + 1}`, 'json', 'frames=none')),
  );
  const fps = (load * run) / cameras;
  using _feed = new Feed(stack.bus, cameras, fps, pictures, 0, true);
  const added = await addedBy(viewers, await decodeMs());
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]();
  const what = `${cameras} cameras at ${fps.toFixed(0)} fps, ${100 * load} % of bare \`session.run\``;
  return row(what, added, 15, 60);
}

function row(what: string, added: readonly number[], p50: number, p99: number): Row {
  return {
    what: `\`Captured-At\` to the event in a WebSocket client, less decoding and inference, \`${model}\`, ${what}, ${added.length} frames`,
    measured: p50p99(added),
    bar: `p50 ≤ ${p50} ms, p99 ≤ ${p99} ms`,
    reached: quantile(added, 0.5) <= p50 && quantile(added, 0.99) <= p99,
  };
}

async function addedBy(viewers: readonly Viewer[], decodeMs: number): Promise<number[]> {
  const results = () => viewers.flatMap((viewer) => viewer.of('frame_result').slice(warmUps));
  await until('frames', () => results().length >= frames, { timeoutMs: 90_000, everyMs: 500 });
  return results().map(
    ({ receivedAt, timestamp, inference_ms = 0 }) =>
      receivedAt - 1_000 * timestamp - inference_ms - decodeMs,
  );
}

/** Mean time in which ffmpeg, with nothing beside it, makes a JPEG of a picture of the demo clip as ingest has it do. */
async function codingMs(): Promise<number> {
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

/** Median of one picture's decoding for the model, alone. */
async function decodeMs(): Promise<number> {
  const [width, height] = (await findModel(model)).size;
  const pictures = await demoPictures(20);
  const decoder = new PictureDecoder({ width, height });
  const pixels = new Float32Array(3 * width * height);
  const times: number[] = [];
  for (const jpeg of pictures) {
    const frame = { jpeg, frameIndex: 1, capturedAt: 0, width: feedWidth, height: feedHeight };
    const started = performance.now();
    await decoder.decodeInto(pixels, frame);
    times.push(performance.now() - started);
  }
  return quantile(times, 0.5);
}
