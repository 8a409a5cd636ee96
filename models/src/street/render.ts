import sharp from 'sharp';
import type { Picture } from '../clip/picture.js';
import type { TrueObject } from '../clip/truth.js';
import { visibleObjects } from './boxes.js';
import { formatFrame } from './format.js';
import { makeFrame } from './frame.js';
import { makeScene, type Scene } from './scene.js';

/** A picture, and what it shows. */
export interface Rendered {
  readonly picture: Picture;
  readonly objects: readonly TrueObject[];
}

/** The still of a seed. */
export function renderStill(seed: number, width: number, height: number): Promise<Rendered> {
  return renderScene(makeScene(seed, width, height), 0);
}

/** A scene at a time in seconds. @param shift of the camera, in pixels */
export async function renderScene(
  scene: Scene,
  time: number,
  shift?: readonly [number, number],
): Promise<Rendered> {
  const { width, height } = scene.camera;
  const frame = makeFrame(scene, time, shift);
  const rgb = await sharp(Buffer.from(formatFrame(scene, frame)))
    .removeAlpha()
    .raw()
    .toBuffer();
  return { picture: { width, height, rgb }, objects: visibleObjects(frame.things, width, height) };
}
