import type { Random } from '../clip/random.js';
import { type Look, size } from './actor.js';
import { grey, hsv, pick, scaled } from './palette.js';
import { board, sign, signal } from './signs.js';
import type { Sketch } from './sketch.js';
import { box, extrude, onEnd, onSide } from './solid.js';

/** Something of a street that is none of the labels. */
export function makeFurniture(random: Random): Look {
  return pick(random, [
    bin,
    bench,
    hydrant,
    letterBox,
    bollards,
    sign,
    planter,
    cabinet,
    board,
    cones,
    shelter,
    signal,
  ])(random);
}

function bin(random: Random): Look {
  const fill = hsv(random.between(60, 220), random.between(0, 0.7), random.between(0.15, 0.5));
  const height = random.between(0.8, 1.2);
  const draw = (sketch: Sketch) => {
    extrude(
      sketch,
      [
        [-0.25, 0.05],
        [-0.3, height],
        [0.3, height],
        [0.25, 0.05],
      ],
      0.27,
      fill,
    );
    extrude(sketch, box(-0.33, 0.36, height, height + 0.08), 0.3, scaled(fill, 0.7));
    return sketch.parts(true);
  };
  return { draw, ...size(0.6, 0.6, height) };
}

function bench(random: Random): Look {
  const wood = hsv(28, random.between(0.2, 0.6), random.between(0.3, 0.6));
  const draw = (sketch: Sketch) => {
    for (const l of [-0.75, 0.75]) sketch.bone([l, 0, 0], [l, 0, 0.45], 0.04, 0.04, [45, 45, 48]);
    for (const [w, up] of [
      [-0.2, 0.45],
      [0, 0.45],
      [0.2, 0.45],
      [0.25, 0.65],
      [0.28, 0.82],
    ] as const)
      sketch.bone([-0.9, w, up], [0.9, w, up], 0.04, 0.04, wood);
    return sketch.parts();
  };
  return { draw, ...size(1.8, 0.6, 0.9) };
}

function hydrant(random: Random): Look {
  const fill = pick(random, [
    [190, 35, 25],
    [215, 180, 40],
    [60, 80, 150],
  ] as const);
  const draw = (sketch: Sketch) => {
    sketch.bone([0, 0, 0.05], [0, 0, 0.55], 0.12, 0.11, fill);
    sketch.ball([0, 0, 0.62], 0.12, scaled(fill, 0.9));
    sketch.bone([-0.17, 0, 0.45], [0.17, 0, 0.45], 0.06, 0.06, scaled(fill, 0.8), { bias: 0.1 });
    return sketch.parts();
  };
  return { draw, ...size(0.4, 0.4, 0.7) };
}

function letterBox(random: Random): Look {
  const fill = pick(random, [
    [200, 30, 30],
    [235, 200, 30],
    [40, 70, 160],
  ] as const);
  const draw = (sketch: Sketch) => {
    extrude(sketch, box(-0.22, 0.22, 0, 1.4), 0.22, fill);
    for (const side of [-1, 1])
      onSide(sketch, side * 0.225, box(-0.15, 0.15, 1.05, 1.12), [20, 20, 20]);
    onEnd(sketch, 0.225, 1, [-0.15, 0.15, 0.6, 0.9], [235, 235, 230]);
    return sketch.parts(true);
  };
  return { draw, ...size(0.5, 0.5, 1.4) };
}

function bollards(random: Random): Look {
  const fill = grey(random, 30, 200);
  const count = random.whole(1, 4);
  const draw = (sketch: Sketch) => {
    for (let i = 0; i < count; i++)
      sketch.bone([i * 1.4, 0, 0], [i * 1.4, 0, 0.85], 0.07, 0.07, fill);
    return sketch.parts();
  };
  return { draw, ...size(1, 0.3, 0.9) };
}

function planter(random: Random): Look {
  const pot = grey(random, 80, 180);
  const leaf = hsv(random.between(70, 130), 0.6, 0.45);
  const blobs = Array.from(
    { length: 6 },
    () => [random.between(-0.5, 0.5), random.between(-0.3, 0.3), random.between(0.6, 0.9)] as const,
  );
  const draw = (sketch: Sketch) => {
    extrude(sketch, box(-0.6, 0.6, 0, 0.55), 0.35, pot);
    for (const at of blobs) sketch.ball(at, 0.2, leaf);
    return sketch.parts(true);
  };
  return { draw, ...size(1.2, 0.7, 1) };
}

function cabinet(random: Random): Look {
  const fill = grey(random, 90, 190);
  const half = random.between(0.3, 0.8);
  const draw = (sketch: Sketch) => {
    extrude(sketch, box(-half, half, 0, 1.25), 0.22, fill);
    for (const side of [-1, 1])
      onSide(sketch, side * 0.225, box(-0.01, 0.01, 0.1, 1.15), scaled(fill, 0.5));
    return sketch.parts(true);
  };
  return { draw, ...size(half * 2, 0.5, 1.3) };
}

function cones(random: Random): Look {
  const count = random.whole(1, 4);
  const draw = (sketch: Sketch) => {
    for (let i = 0; i < count; i++) {
      sketch.bone([i * 1.1, 0, 0.04], [i * 1.1, 0, 0.7], 0.2, 0.03, [235, 95, 25]);
      sketch.bone([i * 1.1, 0, 0.3], [i * 1.1, 0, 0.42], 0.125, 0.1, [240, 240, 240], {
        bias: 0.15,
      });
    }
    return sketch.parts();
  };
  return { draw, ...size(1, 0.4, 0.7) };
}

function shelter(random: Random): Look {
  const metal = grey(random, 40, 120);
  const draw = (sketch: Sketch) => {
    for (const l of [-1.8, 1.8]) sketch.bone([l, 0.5, 0], [l, 0.5, 2.4], 0.05, 0.05, metal);
    sketch.face(
      [
        [-1.8, 0.5, 0.3],
        [1.8, 0.5, 0.3],
        [1.8, 0.5, 2.2],
        [-1.8, 0.5, 2.2],
      ],
      [170, 190, 200],
      { alpha: 0.35, ghost: true },
    );
    extrude(sketch, box(-2, 2, 2.4, 2.55), 0.7, metal);
    return sketch.parts(true);
  };
  return { draw, ...size(3.6, 1.2, 2.5) };
}
