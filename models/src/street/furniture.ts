import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, grey, hsv, pick, scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';
import { box, extrude, onEnd, onSide } from './solid.js';

const size = (length: number, width: number, height: number) => ({ length, width, height });

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

/** A lamp post; it shines at night. */
export function makeLampPost(random: Random, night: boolean): Look {
  const height = random.between(4.5, 7.5);
  const reach = random.between(0.4, 1.8);
  const metal = grey(random, 40, 140);
  const draw = (sketch: Sketch) => {
    sketch.bone([0, 0, 0], [0, 0, height], 0.09, 0.05, metal);
    sketch.bone([0, 0, 0], [0, 0, 1], 0.13, 0.11, metal);
    sketch.bone([0, 0, height], [reach, 0, height + 0.15], 0.05, 0.04, metal);
    sketch.bone(
      [reach - 0.2, 0, height + 0.12],
      [reach + 0.3, 0, height + 0.12],
      0.09,
      0.09,
      night ? [255, 235, 180] : [190, 190, 185],
      { lit: night },
    );
    if (night) {
      const glow = { alpha: 0.65, glow: true, lit: true, ghost: true } as const;
      sketch.ball([reach, 0, height], 1.3, [255, 225, 160], glow);
    }
    return sketch.parts();
  };
  return { draw, ...size(0.3, 0.3, height) };
}

/** A tree, a bare tree or a bush. */
export function makeTree(random: Random): Look {
  const kind = pick(random, ['round', 'round', 'tall', 'bare', 'bush'] as const);
  const height = kind === 'bush' ? random.between(0.6, 1.4) : random.between(3.5, 8);
  const leaf = hsv(random.between(45, 130), random.between(0.3, 0.75), random.between(0.2, 0.55));
  const bark = hsv(30, random.between(0.1, 0.4), random.between(0.2, 0.4));
  const trunk = kind === 'bush' ? 0 : random.between(0.35, 0.5) * height;
  const blobs = Array.from({ length: 9 }, () => {
    const spread = kind === 'tall' ? 0.1 : 0.24;
    const at: Local = [
      random.between(-1, 1) * spread * height,
      random.between(-1, 1) * spread * height,
      trunk + random.between(0.1, 0.95) * (height - trunk),
    ];
    return { at, radius: height * random.between(0.1, 0.19), tone: random.between(0.8, 1.2) };
  });
  const twigs = Array.from(
    { length: 12 },
    () =>
      [
        random.between(-0.3, 0.3) * height,
        random.between(-0.3, 0.3) * height,
        random.between(0.6, 1) * height,
      ] as const,
  );
  const draw = (sketch: Sketch) => {
    if (kind !== 'bush')
      sketch.bone(
        [0, 0, 0],
        [0, 0, Math.max(trunk, height * 0.5)],
        0.03 * height,
        0.018 * height,
        bark,
      );
    if (kind === 'bare')
      for (const twig of twigs) sketch.bone([0, 0, trunk * random1(twig)], twig, 0.05, 0.012, bark);
    else
      for (const { at, radius, tone } of blobs)
        sketch.ball(at, radius, scaled(leaf, tone), { low: scaled(leaf, tone * 0.7) });
    return sketch.parts();
  };
  return { draw, ...size(0.6, 0.6, height) };
}

function random1(twig: readonly number[]): number {
  return 0.6 + 0.4 * Math.abs(Math.sin(twig[0]! * 7));
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

function sign(random: Random): Look {
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

function board(random: Random): Look {
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

function signal(_random: Random): Look {
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
