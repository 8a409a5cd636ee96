import type { Colour } from '../clip/picture.js';

/** The corners of a polygon in pixels: x and y in turns. */
export type Points = readonly number[];

/** One flat polygon of a picture. */
export interface Part {
  readonly points: Points;
  readonly fill: Colour;
  /** Colour of the lower edge, where it differs. */
  readonly low?: Colour;
  /** 0 to 1; 1 when left out. */
  readonly alpha?: number;
  /** Gives light by itself: day and night look the same. */
  readonly lit?: boolean;
  /** Brightest in its middle, nothing at its edge. */
  readonly glow?: boolean;
  /** Belongs to no object: glow, shadow. */
  readonly ghost?: boolean;
}

/** Parts that stand in one place; a later part covers an earlier one. */
export interface Thing {
  /** Undefined for what is none of the labels. */
  readonly classId?: number;
  readonly parts: readonly Part[];
  /** Distance from the camera in metres: nearer things cover those farther off. */
  readonly depth: number;
  /** What light reaches it, for each channel, 1 by day. */
  readonly light: Colour;
}
