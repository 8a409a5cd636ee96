import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import type { Model } from '../src/model.js';
import type { ModelOutput } from '../src/model-output.js';
import { ModelThread } from '../src/model-thread.js';
import { PictureDecoder } from '../src/picture.js';

/** Path of a file in models/fixtures. */
export function fixture(file: string): string {
  return repositoryFile(`models/fixtures/${file}`);
}

/** The size that the reference's boxes are for. */
export const frame = { width: 640, height: 480 };

/** One object found; the box is xyxy in pixels of the frame. */
export interface Found {
  readonly label: number;
  readonly score: number;
  readonly box: readonly number[];
}

/** What transformers finds in picture.png, best first. */
export async function readReference(file = 'reference.json'): Promise<Found[]> {
  const { labels, scores, boxes } = JSON.parse(await readFile(fixture(file), 'utf8'));
  return labels.map((label: number, i: number) => ({ label, score: scores[i], box: boxes[i] }));
}

export const fixtureOptions = {
  provider: 'cpu',
  deviceId: 0,
  threads: 1,
  inputSize: 640,
  batch: 1,
  minInferenceMs: 0,
  stuckMs: 10_000,
  loadTimeoutMs: 600_000,
  classes: 5,
};

export function loadFixture(
  file: string,
  options: Partial<typeof fixtureOptions> = {},
): Promise<Model> {
  return ModelThread.load({ ...fixtureOptions, ...options, path: fixture(file) });
}

/** Floats of one picture of a model. */
export function pictureLength({ input }: Model): number {
  return 3 * input.width * input.height;
}

/** What the model of that file finds in picture.png, best first. */
export async function findInPicture(file: string, inputSize?: number): Promise<Found[]> {
  await using model = await loadFixture(file, inputSize === undefined ? {} : { inputSize });
  const pixels = new Float32Array(pictureLength(model));
  const picture = new PictureDecoder(model.input);
  const jpeg = await readFile(fixture('picture.png'));
  await picture.decodeInto(pixels, { jpeg, frameIndex: 1, capturedAt: 0, ...frame });
  const { outputs } = await model.infer(pixels, [frame]);
  return bestFirst(outputs[0] as ModelOutput);
}

export function bestFirst({ labels, boxes, scores }: ModelOutput): Found[] {
  const found = Array.from(scores, (score, i) => ({
    label: labels[i] as number,
    score,
    box: [...boxes.subarray(4 * i, 4 * i + 4)],
  }));
  return found.sort((a, b) => b.score - a.score);
}

/** The largest distance between two lists of objects, in pixels and in score. */
export function distance(found: readonly Found[], expected: readonly Found[]) {
  const pixels = expected.flatMap(({ box }, i) =>
    box.map((edge, side) => Math.abs(edge - (found[i]?.box[side] ?? Number.NaN))),
  );
  const scores = expected.map(({ score }, i) => Math.abs(score - (found[i]?.score ?? Number.NaN)));
  return { pixels: Math.max(...pixels), score: Math.max(...scores) };
}
