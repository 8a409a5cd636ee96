import type { Colour } from '../clip/picture.js';
import { scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';

/** A side view: forward and up in metres, convex, clockwise as seen with forward to the right. */
export type Profile = readonly (readonly [forward: number, up: number])[];

/** Draws the seen faces of a side view drawn out to a width. */
export function extrude(
  sketch: Sketch,
  profile: Profile,
  halfWidth: number,
  fill: Colour,
  topHalfWidth = halfWidth,
): void {
  const ups = profile.map(([, up]) => up);
  const [low, high] = [Math.min(...ups), Math.max(...ups)];
  const half = (up: number) =>
    halfWidth + ((topHalfWidth - halfWidth) * (up - low)) / Math.max(high - low, 0.01);
  for (const side of [-1, 1]) {
    const corners = profile.map(([l, up]): Local => [l, side * half(up), up]);
    sketch.face(corners, fill, { low: scaled(fill, 0.8) }, [0, side, 0]);
  }
  profile.forEach(([l1, up1], i) => {
    const [l2, up2] = profile[(i + 1) % profile.length]!;
    const length = Math.hypot(l2 - l1, up2 - up1);
    const normal: Local = [(up1 - up2) / length, 0, (l2 - l1) / length];
    sketch.face(across(l1, up1, half(up1), l2, up2, half(up2)), fill, {}, normal);
  });
}

/** The four corners of a face from one side to the other. */
export function across(
  l1: number,
  up1: number,
  w1: number,
  l2: number,
  up2: number,
  w2 = w1,
): Local[] {
  return [
    [l1, -w1, up1],
    [l1, w1, up1],
    [l2, w2, up2],
    [l2, -w2, up2],
  ];
}

/** A box's side view. */
export function box(rear: number, front: number, low: number, high: number): Profile {
  return [
    [rear, low],
    [rear, high],
    [front, high],
    [front, low],
  ];
}

/** A polygon on the side at `right` metres, seen from that side alone. */
export function onSide(
  sketch: Sketch,
  right: number,
  corners: Profile,
  fill: Colour,
  lit = false,
): void {
  sketch.face(
    corners.map(([l, up]): Local => [l, right, up]),
    fill,
    { lit },
    [0, Math.sign(right), 0],
  );
}

/** A rectangle on the front (end 1) or the rear (end -1). */
export function onEnd(
  sketch: Sketch,
  forward: number,
  end: number,
  [left, right, low, high]: readonly [number, number, number, number],
  fill: Colour,
  lit = false,
): void {
  const corners: Local[] = [
    [forward, left, low],
    [forward, right, low],
    [forward, right, high],
    [forward, left, high],
  ];
  sketch.face(corners, fill, { lit }, [end, 0, 0]);
}
