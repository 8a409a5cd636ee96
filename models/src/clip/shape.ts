import type { Box } from './box.js';

/** A rectangle with round corners: a disc or a capsule when the corners meet. */
export interface Shape {
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly cornerRadius: number;
}

/** Where a shape's centre is, in pixels, and its turn in radians. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** The smallest box around a shape. */
export function boundsOf(shape: Shape, pose: Pose): Box {
  const cos = Math.abs(Math.cos(pose.angle));
  const sin = Math.abs(Math.sin(pose.angle));
  const width = shape.halfWidth - shape.cornerRadius;
  const height = shape.halfHeight - shape.cornerRadius;
  const x = width * cos + height * sin + shape.cornerRadius;
  const y = width * sin + height * cos + shape.cornerRadius;
  return [pose.x - x, pose.y - y, pose.x + x, pose.y + y];
}

/** How much of the pixel at a distance from the centre, in the shape's own axes, it covers: 0 to 1. */
export function coverage(shape: Shape, along: number, across: number): number {
  const x = Math.abs(along) - shape.halfWidth + shape.cornerRadius;
  const y = Math.abs(across) - shape.halfHeight + shape.cornerRadius;
  const outside = Math.hypot(Math.max(x, 0), Math.max(y, 0));
  const distance = outside + Math.min(Math.max(x, y), 0) - shape.cornerRadius;
  return Math.min(Math.max(0.5 - distance, 0), 1);
}
