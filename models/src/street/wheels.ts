import type { Colour } from '../clip/picture.js';
import { scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';
import { box, extrude, onSide } from './solid.js';

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
