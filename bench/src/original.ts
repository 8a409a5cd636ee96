import { publishFile, repositoryFile, Stack, startNode, until, videoKey } from '@framebus/test';
import { WebSocket } from 'ws';
import type { Row } from './row.js';
import { p50p99, quantile, sleep } from './statistics.js';
import { Drain } from './viewers/drain.js';

const model = 'nano';
const fps = 10;
const seconds = 15;

const situations = [
  { what: 'one viewer', minInferenceMs: 0, viewers: 0 },
  { what: 'overloaded: inferences of 250 ms, one viewer', minInferenceMs: 250, viewers: 0 },
  { what: '200 viewers', minInferenceMs: 0, viewers: 200 },
] as const;

/** What one viewer saw. */
interface Seen {
  readonly fps: number;
  /** From capture to the message, in ms. */
  readonly ages: readonly number[];
}

/** Our pipeline, then the original design of bench/peer, on the same stream with the same model: pictures with boxes in JSON. */
export async function original(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { what, minInferenceMs, viewers } of situations) {
    const detectorEnv = {
      ...{ DETECTOR_MODEL: model, DETECTOR_THREADS: '1' },
      DETECTOR_MIN_INFERENCE_MS: `${minInferenceMs}`,
    };
    await using stack = await Stack.start({ detectorEnv });
    const url = stack.rtspUrl('camera');
    await using _camera = await publishFile(url);
    await stack.startSession('camera', url, { fps });
    const ours = await watch(`${stack.url}/ws/stream/camera?apikey=${videoKey}`, viewers);
    await stack.call('POST', '/api/v1/video/stop', { session_id: 'camera' });
    const theirs = await watchOriginal(url, minInferenceMs, viewers);
    const told = (seen: Seen) => `${seen.fps.toFixed(1)} fps, ${p50p99(seen.ages)}`;
    const [mine, peers] = [quantile(ours.ages, 0.5), quantile(theirs.ages, 0.5)];
    rows.push({
      what: `the original design (capture, infer, draw, base64, send in one loop), \`${model}\`, a camera at ${fps} fps, ${what}: frames and their age in a viewer after ${seconds} s`,
      measured: `ours ${told(ours)}; the original ${told(theirs)}`,
      bar: 'ours as many frames, no older; overloaded, younger',
      reached: ours.fps >= 0.9 * theirs.fps && mine <= peers + 10,
    });
  }
  return rows;
}

async function watchOriginal(url: string, minInferenceMs: number, viewers: number): Promise<Seen> {
  const env = { STREAM_URL: url, MODEL: model, FPS: `${fps}` };
  await using peer = await startNode(repositoryFile('bench/dist/peer/original-main.js'), {
    ...{ ...env, MIN_INFERENCE_MS: `${minInferenceMs}` },
  });
  const port = await until('peer listens', () => /port (\d+)/.exec(peer.output)?.[1], {
    timeoutMs: 60_000,
  });
  // Awaited here, so that the peer lives as long.
  return await watch(`http://127.0.0.1:${port}/`, viewers);
}

/** The last third of the time, of one viewer among as many others. */
async function watch(url: string, viewers: number): Promise<Seen> {
  await using _others = viewers > 0 ? await Drain.start(url, viewers, '') : undefined;
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.on('error', () => {});
  const seen: { readonly at: number; readonly age: number }[] = [];
  socket.on('message', (data: Buffer) => {
    const { type, captured_at, timestamp } = JSON.parse(data.toString());
    const capturedAt = captured_at ?? 1_000 * timestamp;
    if (type === 'frame_result') seen.push({ at: Date.now(), age: Date.now() - capturedAt });
  });
  await until('first frame', () => seen.length > 0, { timeoutMs: 60_000 });
  await sleep(1_000 * seconds);
  socket.terminate();
  const from = Date.now() - (1_000 * seconds) / 3;
  const ages = seen.filter(({ at }) => at >= from).map(({ age }) => age);
  return { fps: ages.length / (seconds / 3), ages };
}
