import { scramble } from './random.js';

/** Smooth noise, 0 to 1, with features of about one unit, the same for the same seed. */
export function noise(seed: number, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const across = ease(x - column);
  const down = ease(y - row);
  const top = mix(point(seed, column, row), point(seed, column + 1, row), across);
  const bottom = mix(point(seed, column, row + 1), point(seed, column + 1, row + 1), across);
  return mix(top, bottom, down);
}

/** One number, 0 to 1, for each point of a grid. */
export function point(seed: number, column: number, row: number): number {
  return scramble(Math.imul(seed, 0x9e3779b1) ^ scramble(column * 7919 + row * 104729)) / 2 ** 32;
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
