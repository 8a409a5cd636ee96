import { makeBackdrop } from './backdrop.js';
import { grown, iou } from './box.js';
import { CLASSES, dullColour, vividColour } from './colour.js';
import type { Mover } from './mover.js';
import { makePath } from './path.js';
import type { Picture } from './picture.js';
import { Random } from './random.js';
import { boundsOf, type Shape } from './shape.js';

/** What a clip shows, from back to front. */
export interface Scene {
  readonly backdrop: Picture;
  readonly movers: readonly Mover[];
}

const VIVID = 11;
const DULL = 8;
const GAP = 14; // pixels, half of what is always between two coloured objects
const STEPS = 500;
const ATTEMPTS = 4000;

/** The scene of a seed. Coloured objects never cover each other; dull ones pass behind them. */
export function makeScene(seed: number): Scene {
  const random = new Random(seed);
  const dull = Array.from({ length: DULL }, () => makeMover(random, undefined));
  const vivid: Mover[] = [];
  for (let attempt = 0; vivid.length < VIVID && attempt < ATTEMPTS; attempt++) {
    const mover = makeMover(random, vivid.length % CLASSES.length);
    if (vivid.every((other) => !meet(mover, other))) vivid.push(mover);
  }
  return { backdrop: makeBackdrop(seed), movers: [...dull, ...vivid] };
}

function makeMover(random: Random, classId: number | undefined): Mover {
  const shape = makeShape(random);
  const colour = classId === undefined ? dullColour(random) : vividColour(random, classId);
  const radius = Math.hypot(shape.halfWidth, shape.halfHeight);
  return { classId, shape, colour, pose: makePath(random, radius) };
}

/** A rectangle, a rounded one, a disc or a capsule, 40 to 220 pixels long. */
function makeShape(random: Random): Shape {
  // Small ones are as frequent as large ones.
  const halfWidth = 20 * 5.5 ** random.between(0, 1);
  const halfHeight = Math.max(20, halfWidth * random.between(0.5, 1));
  const kinds: Shape[] = [
    { halfWidth, halfHeight, cornerRadius: 2 },
    { halfWidth: halfHeight, halfHeight: halfWidth, cornerRadius: halfHeight * 0.4 },
    { halfWidth, halfHeight: halfWidth, cornerRadius: halfWidth },
    { halfWidth: Math.max(halfWidth, halfHeight), halfHeight, cornerRadius: halfHeight },
  ];
  return kinds[random.whole(0, kinds.length - 1)]!;
}

function meet(one: Mover, other: Mover): boolean {
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = [one, other].map(({ shape, pose }) =>
      grown(boundsOf(shape, pose(step / STEPS)), GAP),
    );
    if (iou(a!, b!) > 0) return true;
  }
  return false;
}
