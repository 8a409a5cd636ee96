import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_FRAMES } from './counter.js';
import { drawFrame } from './draw.js';
import { encode } from './encode.js';
import { emptyPicture, FPS, HEIGHT, type Picture, WIDTH } from './picture.js';
import { makeScene, type Scene } from './scene.js';
import { formatGroundTruth, type TrueObject } from './truth.js';

/** What to make. */
export interface ClipOptions {
  /** Folder that gets demo.mp4 and demo.json. */
  readonly out: string;
  /** The same seed gives the same pictures. */
  readonly seed: number;
  /** Length; the end leads back to the start. At most 40. */
  readonly seconds: number;
}

/** Makes a clip of coloured objects that move over a dull street, and the truth about it. */
export async function makeClip({ out, seed, seconds }: ClipOptions): Promise<void> {
  const count = Math.round(seconds * FPS);
  if (!(count > 0 && count <= MAX_FRAMES)) {
    throw new RangeError(`${seconds} s at ${FPS} fps is not from 1 to ${MAX_FRAMES} frames`);
  }
  const frames: TrueObject[][] = [];
  await encode(join(out, 'demo.mp4'), drawFrames(makeScene(seed), count, frames));
  const truth = { width: WIDTH, height: HEIGHT, fps: FPS, frames };
  await writeFile(join(out, 'demo.json'), formatGroundTruth(truth));
}

function* drawFrames(scene: Scene, count: number, truth: TrueObject[][]): Generator<Picture> {
  const picture = emptyPicture(WIDTH, HEIGHT);
  for (let number = 0; number < count; number++) {
    truth.push(drawFrame(picture, scene, number, count));
    yield picture;
  }
}
