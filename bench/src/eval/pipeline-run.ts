import { type DetectionEvent, readFrame, subjectOf } from '@framebus/contract';
import { type GroundTruth, readFrameNumber } from '@framebus/models/clip';
import type { ScoredFound } from '@framebus/models/score';
import { publishFile, Stack, until } from '@framebus/test';
import sharp from 'sharp';
import { asFound } from './eval-model.js';

const SESSION = 'eval';
// More than the clip has: ingest passes on every frame.
const FPS = 60;
const LOOPS = 2.5; // of the clip; frames lost in the first are seen in the next

/** What came out of the pipeline. */
export interface PipelineRun {
  /** By frame number of the clip; each once. */
  readonly found: ReadonlyMap<number, readonly ScoredFound[]>;
  /** Frames of the clip, counted each time they were shown, that ingest published. */
  readonly published: number;
  /** Those of them that an event tells of. */
  readonly analysed: number;
  /** Published pictures whose number could not be read. */
  readonly unreadable: number;
}

export interface PipelineRunOptions {
  /** H.264 clip whose frames show their numbers. */
  readonly file: string;
  readonly truth: GroundTruth;
  readonly detectorEnv: Readonly<Record<string, string>>;
  /** From which detections count, 0 to 1. */
  readonly confidence: number;
}

/** Shows a clip to the pipeline as a camera would, and takes its events from NATS. */
export async function runPipeline(options: PipelineRunOptions): Promise<PipelineRun> {
  const { file, truth, detectorEnv, confidence } = options;
  await using stack = await Stack.start({ detectorEnv });
  const numbers = new Map<number, Promise<number | undefined>>();
  const events = new Map<number, DetectionEvent>();
  stack.bus.connection.subscribe(subjectOf('frames', SESSION), {
    callback: (_, message) => {
      const { frameIndex, jpeg } = readFrame(message);
      numbers.set(frameIndex, numberIn(jpeg));
    },
  });
  stack.bus.connection.subscribe(subjectOf('detections', SESSION), {
    callback: (_, message) => {
      const event = message.json<DetectionEvent>();
      events.set(event.frame_index, event);
    },
  });
  const url = stack.rtspUrl(SESSION);
  await using _camera = await publishFile(url, file);
  const spec = { fps: FPS, confidence_threshold: confidence };
  await stack.startSession(SESSION, url, spec);
  const seen = new Set<number>();
  const ends = Date.now() + (1_000 * LOOPS * truth.frames.length) / truth.fps;
  await until(
    'frames of the clip',
    async () => {
      for (const index of events.keys()) {
        const number = await numbers.get(index);
        if (number !== undefined) seen.add(number);
      }
      return seen.size === truth.frames.length || Date.now() > ends;
    },
    { timeoutMs: ends - Date.now() + 60_000, everyMs: 500 },
  );
  // The newest frames may still be with the detector.
  const newest = Math.max(...events.keys());
  return await collect(truth, numbers, events, newest);
}

async function collect(
  truth: GroundTruth,
  numbers: ReadonlyMap<number, Promise<number | undefined>>,
  events: ReadonlyMap<number, DetectionEvent>,
  newest: number,
): Promise<PipelineRun> {
  const found = new Map<number, ScoredFound[]>();
  let [published, analysed, unreadable] = [0, 0, 0];
  for (const [index, numberRead] of numbers) {
    if (index > newest) continue;
    published++;
    const number = await numberRead;
    if (number === undefined || number >= truth.frames.length) {
      unreadable++;
      continue;
    }
    const event = events.get(index);
    if (!event) continue;
    analysed++;
    if (!found.has(number)) found.set(number, asFound(event.detections, truth.width / event.width));
  }
  return { found, published, analysed, unreadable };
}

async function numberIn(jpeg: Uint8Array): Promise<number | undefined> {
  const { data, info } = await sharp(jpeg)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readFrameNumber(data, info.width, info.height);
}
