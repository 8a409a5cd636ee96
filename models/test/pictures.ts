import { Random } from '../src/clip/random.js';
import { planes } from './shapes.js';

const SIZE = 640;

type Colour = readonly [red: number, green: number, blue: number];

/** A coloured rectangle in pixels of the model's input. */
export interface Patch {
  readonly colour: Colour;
  readonly at: readonly [x1: number, y1: number, x2: number, y2: number];
}

/** Model input: patches on a plain ground. */
export function patches(ground: Colour, list: readonly Patch[] = []): Float32Array {
  return planes(
    paint((x, y) => {
      const patch = list.find(({ at }) => x >= at[0] && x < at[2] && y >= at[1] && y < at[3]);
      return patch?.colour ?? ground;
    }),
  );
}

/** Model input: noise of every colour, as strong as bytes allow, around a grey and a brown. */
export function noisy(seed: number): Float32Array {
  const random = new Random(seed);
  return planes(
    paint((x) => {
      const ground = x < SIZE / 2 ? [128, 128, 128] : [112, 104, 92];
      return ground.map((level) => level + random.between(-90, 90)) as unknown as Colour;
    }),
  );
}

function paint(colourAt: (x: number, y: number) => Colour): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) pixels.set(colourAt(x, y), (y * SIZE + x) * 3);
  }
  return pixels;
}
