import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, grey, hsv, paint, scaled } from './palette.js';
import type { Sketch } from './sketch.js';
import { box, extrude, onEnd, onSide, type Profile } from './solid.js';
import { lamps } from './vehicle-lamps.js';
import { tyres, underside, wheels } from './wheels.js';

/** A city bus or a coach, one or two decks high. */
export function makeBus(random: Random, night: boolean): Look {
  const front = random.between(4.2, 6.1);
  const half = 1.25;
  const decks = chance(random, 0.15) ? 2 : 1;
  const roof = decks === 2 ? random.between(4, 4.3) : random.between(2.85, 3.25);
  const colour = chance(random, 0.6)
    ? hsv(random.between(0, 360), random.between(0.5, 0.95), random.between(0.35, 0.9))
    : paint(random);
  const band = chance(random, 0.6) ? paint(random) : colour;
  const glass = night && chance(random, 0.7) ? ([235, 225, 180] as const) : grey(random, 20, 70);
  const isGlassLit = glass[0] > 200;
  const waist = random.between(1.1, 1.35);
  const high = decks === 2 ? 2.05 : roof - random.between(0.35, 0.6);
  const pane = random.between(0.9, 1.6);
  const doors = chance(random, 0.7) ? [front - 1.1, random.between(-1.5, 0.5)] : [];
  const axles = [front - random.between(1.7, 2.5), -front + random.between(2, 3)];
  const sign = chance(random, 0.6);
  const lit = night && chance(random, 0.85);
  const doorSide = chance(random, 0.8) ? 1 : -1;

  const row = (sketch: Sketch, low: number, top: number) => {
    for (const side of [-1, 1]) {
      const at = side * (half + 0.008);
      const frame: Profile = box(-front + 0.3, front - 0.25, low - 0.06, top + 0.06);
      onSide(sketch, at, frame, scaled(colour, 0.35));
      for (let l = -front + 0.38; l + pane < front - 0.2; l += pane + 0.1) {
        onSide(sketch, at * 1.002, box(l, l + pane, low, top), glass, isGlassLit);
      }
    }
  };
  const draw = (sketch: Sketch) => {
    tyres(sketch, axles, 0.48, half);
    underside(sketch, -front + 0.2, front - 0.2, half, 0.5);
    extrude(
      sketch,
      [
        [-front, 0.34],
        [-front, roof - 0.15],
        [-front + 0.2, roof],
        [front - 0.25, roof],
        [front, roof - 0.25],
        [front + 0.06, 0.34],
      ],
      half,
      colour,
    );
    for (const side of [-1, 1])
      onSide(sketch, side * (half + 0.004), box(-front, front, 0.34, waist * 0.72), band);
    wheels(sketch, axles, 0.48, half, [150, 150, 152]);
    row(sketch, waist, high);
    if (decks === 2) row(sketch, 2.65, roof - 0.45);
    for (const l of doors) {
      const at = doorSide * (half + 0.02);
      onSide(sketch, at, box(l - 0.6, l + 0.6, 0.4, high + 0.04), scaled(colour, 0.3));
      for (const leaf of [l - 0.54, l + 0.03])
        onSide(sketch, at * 1.003, box(leaf, leaf + 0.5, 0.5, high - 0.03), glass, isGlassLit);
    }
    onEnd(
      sketch,
      front + 0.07,
      1,
      [-half * 0.92, half * 0.92, waist - 0.15, high + 0.1],
      isGlassLit ? scaled(glass, 0.75) : glass,
    );
    onEnd(sketch, front + 0.075, 1, [-0.03, 0.03, waist - 0.15, high + 0.1], scaled(colour, 0.4));
    onEnd(
      sketch,
      front + 0.08,
      1,
      [-half * 0.7, half * 0.7, high + 0.14, high + 0.4],
      sign ? [20, 20, 20] : scaled(colour, 0.6),
    );
    if (sign)
      onEnd(
        sketch,
        front + 0.085,
        1,
        [-half * 0.5, half * 0.4, high + 0.2, high + 0.34],
        [255, 165, 30],
        true,
      );
    if (decks === 2)
      onEnd(
        sketch,
        front + 0.07,
        1,
        [-half * 0.92, half * 0.92, 2.7, roof - 0.4],
        glass,
        isGlassLit,
      );
    onEnd(sketch, front + 0.07, 1, [-half * 0.96, half * 0.96, 0.36, 0.6], scaled(band, 0.5));
    onEnd(sketch, -front - 0.01, -1, [-half * 0.8, half * 0.8, waist + 0.1, high], glass);
    onEnd(
      sketch,
      -front - 0.01,
      -1,
      [-half * 0.7, half * 0.7, 0.5, waist - 0.1],
      scaled(colour, 0.75),
    );
    onEnd(sketch, -front - 0.02, -1, [-0.26, 0.26, 0.6, 0.72], [225, 220, 190]);
    lamps(sketch, {
      rear: -front - 0.02,
      front: front + 0.08,
      halfWidth: half,
      up: 0.68,
      size: 0.2,
      lit,
    });
    for (const side of [-1, 1])
      sketch.bone(
        [front + 0.15, side * (half + 0.16), high],
        [front + 0.15, side * (half + 0.16), high - 0.35],
        0.09,
        0.09,
        [25, 25, 25],
      );
    return sketch.parts(true);
  };
  return { draw, length: front * 2, width: half * 2, height: roof };
}
