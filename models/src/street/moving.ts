import { counterBox, drawFrameNumber } from '../clip/counter.js';
import { Random } from '../clip/random.js';
import { withNoise } from './damage.js';
import type { Thing } from './part.js';
import { type Rendered, renderScene } from './render.js';
import { makeScene } from './scene.js';

const NOISE = 1.5; // levels; the sensor's
const SWAY = 0.0012; // of the picture's width; the wind at the camera's pole

/** Moving scenes, one after the other. */
export interface MovingOptions {
  /** Of the first scene; each next one's is one higher. */
  readonly seed: number;
  readonly scenes: number;
  readonly secondsPerScene: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
}

export function frameCount({ scenes, secondsPerScene, fps }: MovingOptions): number {
  return scenes * Math.round(secondsPerScene * fps);
}

/** The frames of moving scenes, each with its number in blocks along its lower edge. */
export async function* renderMoving(options: MovingOptions): AsyncGenerator<Rendered> {
  const { seed, scenes, secondsPerScene, fps, width, height } = options;
  const framesPerScene = Math.round(secondsPerScene * fps);
  const cover = numberCover(width, height);
  let number = 0;
  for (let i = 0; i < scenes; i++) {
    const scene = makeScene(seed + i, width, height, secondsPerScene);
    for (let frame = 0; frame < framesPerScene; frame++, number++) {
      const time = frame / fps;
      const { picture, objects } = await renderScene(scene, time, swayOf(time, width), [cover]);
      const rgb = withNoise(picture.rgb, new Random(seed + number), NOISE);
      drawFrameNumber({ width, height, rgb }, number);
      yield { picture: { width, height, rgb }, objects };
    }
  }
}

/** Pixels to the right and down. */
function swayOf(time: number, width: number): [number, number] {
  const reach = SWAY * width;
  return [reach * Math.sin(1.7 * time), 0.6 * reach * Math.sin(2.6 * time + 1)];
}

/** The blocks of the frame number hide what is behind them. */
function numberCover(width: number, height: number): Thing {
  const [x1, y1, x2, y2] = counterBox(width, height);
  const points = [x1, y1, x2, y1, x2, y2, x1, y2];
  return { parts: [{ points, fill: [0, 0, 0] }], depth: 0, light: [1, 1, 1] };
}
