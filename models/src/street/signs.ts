import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';
import { type Look, size } from './actor.js';
import { chance, hsv, pick } from './palette.js';
import type { Local, Sketch } from './sketch.js';
import { box, extrude, onSide } from './solid.js';

/** A road sign on its pole. */
export function sign(random: Random): Look {
  const colours: readonly Colour[] = [
    [200, 30, 30],
    [30, 80, 180],
    [240, 240, 240],
    [240, 200, 40],
    [30, 120, 60],
  ];
  const plate = pick(random, colours);
  const inner = pick(random, colours);
  const isRound = chance(random, 0.5);
  const height = random.between(2, 2.8);
  const draw = (sketch: Sketch) => {
    sketch.bone([0, 0, 0], [0, 0, height], 0.035, 0.035, [130, 130, 132]);
    const style = { bias: 0.1 };
    const square = (r: number): Local[] => [
      [0, -r, height - r],
      [0, r, height - r],
      [0, r, height + r],
      [0, -r, height + r],
    ];
    if (isRound) sketch.ball([0, 0, height], 0.33, plate, style);
    else sketch.face(square(0.32), plate, style);
    if (isRound) sketch.ball([0, 0, height], 0.24, inner, { bias: 0.2 });
    else sketch.face(square(0.24), inner, { bias: 0.2 });
    return sketch.parts();
  };
  return { draw, ...size(0.2, 0.6, height) };
}

/** A board with a poster on either side. */
export function board(random: Random): Look {
  const fill = hsv(random.between(0, 360), random.between(0.2, 0.9), random.between(0.3, 0.95));
  const second = hsv(random.between(0, 360), random.between(0.2, 0.9), random.between(0.3, 0.95));
  const draw = (sketch: Sketch) => {
    extrude(sketch, box(-0.7, 0.7, 0.3, 2.2), 0.09, [50, 52, 55]);
    for (const side of [-1, 1]) {
      onSide(sketch, side * 0.1, box(-0.62, 0.62, 0.45, 2.1), fill);
      onSide(sketch, side * 0.101, box(-0.4, 0.35, 0.8, 1.5), second);
    }
    return sketch.parts(true);
  };
  return { draw, ...size(1.4, 0.3, 2.2) };
}

/** Traffic lights. */
export function signal(_random: Random): Look {
  const draw = (sketch: Sketch) => {
    sketch.bone([0, 0, 0], [0, 0, 2.6], 0.06, 0.06, [60, 62, 60]);
    sketch.bone([0, 0, 2.5], [0, 0, 3.1], 0.16, 0.16, [25, 25, 25]);
    for (const [up, fill] of [
      [3.05, [230, 50, 40]],
      [2.8, [90, 75, 20]],
      [2.55, [20, 80, 40]],
    ] as const)
      sketch.ball([0, 0, up], 0.09, fill, { lit: fill[0] > 200, bias: 0.2 });
    return sketch.parts();
  };
  return { draw, ...size(0.3, 0.3, 3) };
}
