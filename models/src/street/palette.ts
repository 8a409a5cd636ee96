import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';

/** From hue in degrees, and saturation and value from 0 to 1. */
export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (offset: number) => {
    const sector = (((offset + hue / 60) % 6) + 6) % 6;
    const share = Math.min(Math.max(Math.min(sector, 4 - sector), 0), 1);
    return 255 * value * (1 - saturation * share);
  };
  return [channel(5), channel(3), channel(1)];
}

export function scaled(colour: Colour, by: number): Colour {
  return [colour[0] * by, colour[1] * by, colour[2] * by];
}

export function times(colour: Colour, by: Colour): Colour {
  return [colour[0] * by[0], colour[1] * by[1], colour[2] * by[2]];
}

export function mixed(from: Colour, to: Colour, share: number): Colour {
  const mix = (i: 0 | 1 | 2) => from[i] + (to[i] - from[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.whole(0, from.length - 1)]!;
}

export function chance(random: Random, share: number): boolean {
  return random.between(0, 1) < share;
}

/** Any colour, dull ones as often as strong ones. */
export function cloth(random: Random): Colour {
  if (chance(random, 0.35)) return grey(random, 20, 235);
  return hsv(random.between(0, 360), random.between(0.15, 0.95), random.between(0.2, 0.95));
}

/** Vehicle paint: mostly white, grey and black, as on the road. */
export function paint(random: Random): Colour {
  if (chance(random, 0.5)) return grey(random, 25, 245);
  return hsv(random.between(0, 360), random.between(0.4, 0.95), random.between(0.3, 0.9));
}

export function skin(random: Random): Colour {
  return hsv(random.between(14, 30), random.between(0.25, 0.6), random.between(0.25, 0.95));
}

export function hairColour(random: Random): Colour {
  return hsv(random.between(15, 45), random.between(0.1, 0.6), random.between(0.05, 0.7));
}

export function grey(random: Random, low: number, high: number): Colour {
  const level = random.between(low, high);
  return [level + random.between(-6, 6), level, level + random.between(-6, 6)];
}

/** Walls: brick, plaster, concrete. */
export function wall(random: Random): Colour {
  return hsv(random.between(0, 60), random.between(0.02, 0.5), random.between(0.3, 0.9));
}
