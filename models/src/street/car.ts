import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { CAR_BODIES } from './car-body.js';
import { chance, grey, paint, pick, scaled } from './palette.js';
import type { Sketch } from './sketch.js';
import { across, extrude, onEnd, onSide, type Profile } from './solid.js';
import { lamps } from './vehicle-lamps.js';
import { tyres, underside, wheels } from './wheels.js';

/** A car of a random body, size and paint. */
export function makeCar(random: Random, night: boolean): Look {
  const body = pick(random, CAR_BODIES);
  const stretch = random.between(0.93, 1.07);
  const colour = paint(random);
  const glass: Colour = grey(random, 20, 75);
  const rim = grey(random, 60, 205);
  const lit = night && chance(random, 0.75);
  const hasSign = chance(random, 0.07);
  const hasRails = chance(random, 0.2);
  const isTwoTone = chance(random, 0.15);
  const half = random.between(0.84, 0.93);
  const radius = random.between(0.3, 0.35);
  const front = (body.length / 2) * stretch;
  const { bonnet, waist, roof } = body;
  const [a, b, c, d] = body.cabin.map((l) => l * stretch) as [number, number, number, number];
  const lower: Profile = [
    [-front, 0.32],
    [-front - 0.03, 0.6],
    [-front + 0.06, waist - 0.04],
    [a, waist],
    [d, waist],
    [front - 0.18, bonnet],
    [front, bonnet - 0.16],
    [front, 0.3],
  ];
  const cabin: Profile = [
    [a, waist],
    [b, roof],
    [c, roof],
    [d, waist],
  ];
  const axles = [front * 0.62, -front * 0.6];

  const inset = half * 0.8; // half the roof's width
  const draw = (sketch: Sketch) => {
    tyres(sketch, axles, radius, half);
    underside(sketch, -front + 0.15, front - 0.15, half, 0.4);
    extrude(sketch, lower, half, colour);
    for (const side of [-1, 1]) {
      const at = side * half * 1.005;
      onSide(
        sketch,
        at,
        [
          [-front, 0.3],
          [-front, 0.4],
          [front, 0.4],
          [front, 0.3],
        ],
        scaled(colour, 0.55),
      );
      const doors = [d - 0.35, ...body.pillars.map((l) => l * stretch)];
      for (const l of doors)
        onSide(
          sketch,
          at,
          [
            [l, 0.42],
            [l, waist],
            [l + 0.03, waist],
            [l + 0.03, 0.42],
          ],
          scaled(colour, 0.6),
        );
      for (const l of doors)
        onSide(
          sketch,
          at,
          [
            [l - 0.4, waist - 0.14],
            [l - 0.4, waist - 0.09],
            [l - 0.2, waist - 0.09],
            [l - 0.2, waist - 0.14],
          ],
          scaled(colour, 0.45),
        );
    }
    wheels(sketch, axles, radius, half, rim);
    for (const side of [-1, 1])
      sketch.ball([d - 0.25, side * (half + 0.08), waist + 0.06], 0.09, scaled(colour, 0.8));
    const top = isTwoTone ? scaled(colour, 0.3) : colour;
    extrude(sketch, cabin, half * 0.96, top, inset);
    windows(sketch, glass, top);
    onEnd(
      sketch,
      front + 0.01,
      1,
      [-half * 0.5, half * 0.5, 0.45, bonnet - 0.2],
      scaled(glass, 0.7),
    );
    onEnd(sketch, front + 0.02, 1, [-0.26, 0.26, 0.4, 0.5], [225, 225, 215]);
    onEnd(sketch, -front - 0.04, -1, [-0.26, 0.26, 0.55, 0.66], [225, 220, 190]);
    onEnd(sketch, -front - 0.03, -1, [-half, half, 0.32, 0.42], scaled(colour, 0.5));
    lamps(sketch, {
      rear: -front - 0.03,
      front,
      halfWidth: half,
      up: bonnet - 0.22,
      size: 0.15,
      lit,
    });
    if (hasSign)
      extrude(
        sketch,
        [
          [b * 0.3 - 0.15, roof],
          [b * 0.3 - 0.1, roof + 0.2],
          [b * 0.3 + 0.1, roof + 0.2],
          [b * 0.3 + 0.15, roof],
        ],
        0.35,
        [245, 205, 40],
      );
    if (hasRails)
      for (const side of [-1, 1])
        sketch.bone(
          [b, side * inset, roof + 0.05],
          [c, side * inset, roof + 0.05],
          0.025,
          0.025,
          [40, 40, 42],
        );
    return sketch.parts(true);
  };

  function windows(sketch: Sketch, fill: Colour, frame: Colour): void {
    const [low, high] = [waist + 0.03, roof - 0.07];
    const wide = (up: number) =>
      half * 0.96 + (inset - half * 0.96) * ((up - waist) / (roof - waist));
    const slope = (foot: number, top: number, up: number) =>
      foot + ((top - foot) * (up - waist)) / (roof - waist);
    for (const side of [-1, 1]) {
      const edge = (l: number, up: number): [number, number, number] => [
        l,
        side * wide(up) * 1.004,
        up,
      ];
      sketch.face(
        [
          edge(slope(a, b, low) + 0.12, low),
          edge(slope(a, b, high) + 0.1, high),
          edge(slope(d, c, high) - 0.1, high),
          edge(slope(d, c, low) - 0.14, low),
        ],
        fill,
        { low: scaled(fill, 1.5) },
        [0, side, 0],
      );
      for (const l of body.pillars.map((each) => each * stretch)) {
        sketch.face(
          [
            edge(l - 0.045, low),
            edge(l - 0.045, high),
            edge(l + 0.045, high),
            edge(l + 0.045, low),
          ],
          scaled(frame, 0.8),
          {},
          [0, side, 0],
        );
      }
    }
    const [v, w] = [low + 0.02, high + 0.01];
    sketch.face(
      across(slope(d, c, v) + 0.01, v, wide(v) * 0.92, slope(d, c, w) + 0.01, w, wide(w) * 0.92),
      scaled(fill, 1.15),
      { low: scaled(fill, 0.8) },
      [0.8, 0, 0.5],
    );
    sketch.face(
      across(slope(a, b, v) - 0.01, v, wide(v) * 0.9, slope(a, b, w) - 0.01, w, wide(w) * 0.9),
      fill,
      { low: scaled(fill, 0.8) },
      [-0.8, 0, 0.4],
    );
  }

  return { draw, length: front * 2, width: half * 2, height: roof };
}
