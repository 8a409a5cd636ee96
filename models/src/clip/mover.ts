import type { Colour } from './picture.js';
import type { Pose, Shape } from './shape.js';

/** Something that moves through the clip. */
export interface Mover {
  /** Undefined for the dull ones, which nobody shall find. */
  readonly classId: number | undefined;
  readonly shape: Shape;
  readonly colour: Colour;
  /** Where it is at a phase of the clip, 0 to 1; at 1 it is where it was at 0. */
  readonly pose: (phase: number) => Pose;
}
