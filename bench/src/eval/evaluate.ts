import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGroundTruth } from '@framebus/models/clip';
import { averagePrecision, type ScoredFound } from '@framebus/models/score';
import { LABELS, makeStreetClip } from '@framebus/models/street';
import { findEvalModel } from './eval-model.js';
import type { EvalOptions } from './options.js';
import { runPipeline } from './pipeline-run.js';
import type { EvalReport } from './report.js';
import { StraightModel } from './straight.js';

// Low, for precision at high recall; the same both ways.
const CONFIDENCE = 0.01;
const WIDTH = 1280;
const HEIGHT = 720;

/** Too little came out of the pipeline for its figures to say anything. */
export class TooFewEventsError extends Error {
  override readonly name = 'TooFewEventsError';
  readonly code = 'TOO_FEW_EVENTS';
}

const MIN_SHARE = 0.95;

/** Measures a model on street scenes, straight and through the whole pipeline. @throws TooFewEventsError */
export async function evaluate(options: EvalOptions): Promise<EvalReport> {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-eval-'));
  try {
    return await evaluateIn(folder, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function evaluateIn(folder: string, options: EvalOptions): Promise<EvalReport> {
  const model = await findEvalModel(options.model, folder);
  const straight: ScoredFound[][] = [];
  {
    await using direct = await StraightModel.load(model, CONFIDENCE);
    await makeStreetClip({
      ...options,
      width: WIDTH,
      height: HEIGHT,
      out: folder,
      name: 'clip',
      rate: { crf: options.crf },
      keepFrames: false,
      onPicture: async (picture) => {
        straight.push(await direct.detect(picture));
      },
    });
  }
  const truth = await readGroundTruth(join(folder, 'clip.json'));
  const { found, ...run } = await runPipeline({
    file: join(folder, 'clip.mp4'),
    truth,
    detectorEnv: model.detectorEnv,
    confidence: CONFIDENCE,
  });
  const frames = truth.frames.length;
  const least = Math.min(run.analysed / run.published, found.size / frames);
  if (!(least >= MIN_SHARE)) {
    throw new TooFewEventsError(
      `${run.analysed} of ${run.published} published frames got an event, ${found.size} of the clip's ${frames} frames; ${100 * MIN_SHARE} % are needed`,
    );
  }
  const precision = (of: (number: number) => readonly ScoredFound[]) =>
    averagePrecision(
      [...found.keys()].map((number) => ({
        objects: truth.frames[number]!,
        detections: of(number),
      })),
      LABELS.length,
    );
  return {
    model: options.model,
    seed: options.seed,
    scenes: options.scenes,
    frames,
    confidence: CONFIDENCE,
    run,
    straight: precision((number) => straight[number]!),
    pipeline: precision((number) => found.get(number)!),
  };
}
