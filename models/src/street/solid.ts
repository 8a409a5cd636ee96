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

/** Four tyres, the part of them under the body. */
export function tyres(
  sketch: Sketch,
  axles: readonly number[],
  radius: number,
  halfWidth: number,
): void {
  for (const axle of axles) {
    for (const side of [-1, 1]) {
      const joints: Local[] = [];
      for (let i = 0; i < 10; i++) {
        const angle = (2 * Math.PI * i) / 10;
        for (const inset of [0, 0.22]) {
          joints.push([
            axle + radius * Math.cos(angle),
            side * (halfWidth - inset),
            radius * (1 + Math.sin(angle)),
          ]);
        }
      }
      sketch.blob(
        joints,
        joints.map(() => 0),
        [22, 22, 24],
      );
    }
  }
}

/** Wheels in their arches, on the side that is seen. */
export function wheels(
  sketch: Sketch,
  axles: readonly number[],
  radius: number,
  halfWidth: number,
  rim: Colour,
): void {
  for (const side of [-1, 1]) {
    for (const axle of axles) {
      const loop = (r: number): [number, number][] =>
        Array.from({ length: 16 }, (_, i) => {
          const angle = (2 * Math.PI * i) / 16;
          return [axle + r * Math.cos(angle), radius + r * Math.sin(angle)];
        });
      const at = side * (halfWidth + 0.01);
      const arch = loop(radius * 1.18).filter(([, up]) => up > radius * 0.7);
      onSide(sketch, at, arch, [18, 18, 20]);
      onSide(sketch, at, loop(radius), [30, 30, 32]);
      onSide(sketch, at, loop(radius * 0.62), rim);
      onSide(sketch, at, loop(radius * 0.2), scaled(rim, 0.5));
    }
  }
}

/** Dark ground between the wheels, so that nobody looks through under a body. */
export function underside(
  sketch: Sketch,
  rear: number,
  front: number,
  halfWidth: number,
  up: number,
): void {
  extrude(sketch, box(rear, front, 0.16, up), halfWidth * 0.86, [20, 20, 22]);
}

/** Head and tail lamps; they glow when lit. */
export function lamps(
  sketch: Sketch,
  {
    rear,
    front,
    halfWidth,
    up,
    size,
    lit,
  }: Readonly<{
    rear: number;
    front: number;
    halfWidth: number;
    up: number;
    size: number;
    lit: boolean;
  }>,
): void {
  for (const side of [-1, 1]) {
    const outer = side * halfWidth * 0.95;
    const inner = side * (halfWidth * 0.95 - size * 1.6);
    const [left, right] = [Math.min(outer, inner), Math.max(outer, inner)];
    onEnd(
      sketch,
      front + 0.01,
      1,
      [left, right, up, up + size],
      lit ? [255, 250, 225] : [225, 228, 230],
      lit,
    );
    onEnd(
      sketch,
      rear - 0.01,
      -1,
      [left, right, up, up + size],
      lit ? [240, 40, 30] : [165, 25, 25],
      lit,
    );
    if (!lit) continue;
    for (const [l, fill, reach, facing] of [
      [front, [255, 245, 210], 0.55, 1],
      [rear, [255, 50, 30], 0.25, -1],
    ] as const) {
      const place = sketch.at([l, 0, up]);
      const normal = sketch.at([l + facing, 0, up]).map((v, i) => v - place[i]!);
      if (!sketch.camera.sees(place, [normal[0]!, normal[1]!, 0])) continue;
      sketch.ball([l, (left + right) / 2, up + size / 2], reach, fill, {
        alpha: 0.7,
        glow: true,
        lit: true,
        ghost: true,
        bias: 0.5,
      });
    }
  }
}
