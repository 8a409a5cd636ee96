import sharp from 'sharp';
import type { Picture } from '../clip/picture.js';
import type { TrueObject } from '../clip/truth.js';
import { visibleObjects } from './boxes.js';
import { formatFrame } from './format.js';
import { makeFrame } from './frame.js';
import type { Thing } from './part.js';
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

/**
 * A scene at a time in seconds.
 * @param shift of the camera, in pixels
 * @param covers what will be drawn over the picture and hides objects; it is not drawn here
 */
export async function renderScene(
  scene: Scene,
  time: number,
  shift?: readonly [number, number],
  covers: readonly Thing[] = [],
): Promise<Rendered> {
  const { width, height } = scene.camera;
  const frame = makeFrame(scene, time, shift);
  const rgb = await sharp(Buffer.from(formatFrame(scene, frame)))
    .removeAlpha()
    .raw()
    .toBuffer();
  return {
    picture: { width, height, rgb },
    objects: visibleObjects([...frame.things, ...covers], width, height),
  };
}
