import type { Part } from './part.js';
import type { Pose, Sketch } from './sketch.js';

/** Draws a thing of a fixed look where a sketch has its place. */
export type Draw = (sketch: Sketch) => readonly Part[];

/** A look: what is drawn, and the room that it takes on the ground, in metres. */
export interface Look {
  readonly draw: Draw;
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

/** Room on the ground and height, as a look tells them. */
export const size = (length: number, width: number, height: number) => ({ length, width, height });

/** Something in a scene, at rest or moving. */
export interface Actor {
  readonly classId?: number;
  readonly look: Look;
  /** Where it is, seconds from the scene's start. */
  readonly pose: (time: number) => Pose;
}
