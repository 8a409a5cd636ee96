import type { Points } from './part.js';

/** Along the street, to its right, and up; metres. */
export type Vec = readonly [s: number, d: number, up: number];

const NEAR = 0.5;

/** A pinhole camera in the street: no tilt, the horizon is moved instead. */
export interface CameraOptions {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** In pixels. */
  readonly focal: number;
  /** Row of the horizon in pixels. */
  readonly horizon: number;
  readonly eye: Vec;
  /** Direction of view in radians, 0 along the street, clockwise from above. */
  readonly yaw: number;
}

export class Camera {
  readonly options: CameraOptions;
  readonly #cos: number;
  readonly #sin: number;

  constructor(options: CameraOptions) {
    this.options = options;
    this.#cos = Math.cos(options.yaw);
    this.#sin = Math.sin(options.yaw);
  }

  /** Distance from the picture's plane in metres. */
  depth([s, d]: Vec): number {
    const { eye } = this.options;
    return (s - eye[0]) * this.#cos + (d - eye[1]) * this.#sin;
  }

  /** Pixels a metre at a depth. */
  scale(depth: number): number {
    return this.options.focal / Math.max(depth, NEAR);
  }

  project(at: Vec): [x: number, y: number] {
    const { eye, width, horizon } = this.options;
    const scale = this.scale(this.depth(at));
    const right = (at[1] - eye[1]) * this.#cos - (at[0] - eye[0]) * this.#sin;
    return [width / 2 + right * scale, horizon + (eye[2] - at[2]) * scale];
  }

  /** The point of the ground at a depth in a column of the picture. */
  ground(x: number, depth: number): Vec {
    const { eye, width, focal } = this.options;
    const right = ((x - width / 2) * depth) / focal;
    return [
      eye[0] + depth * this.#cos - right * this.#sin,
      eye[1] + depth * this.#sin + right * this.#cos,
      0,
    ];
  }

  /** A flat polygon; empty when it lies behind the camera. */
  face(corners: readonly Vec[]): Points {
    const points: number[] = [];
    corners.forEach((corner, i) => {
      const next = corners[(i + 1) % corners.length]!;
      const here = this.depth(corner);
      const there = this.depth(next);
      if (here >= NEAR) points.push(...this.project(corner));
      if (here >= NEAR === there >= NEAR) return;
      const share = (NEAR - here) / (there - here);
      const mix = (j: 0 | 1 | 2) => corner[j] + (next[j] - corner[j]) * share;
      // Just in front of the plane, or rounding puts it behind.
      points.push(...this.project([mix(0), mix(1), mix(2)]));
    });
    return points;
  }

  /** Whether a plane shows its front to the camera. */
  sees(at: Vec, normal: Vec): boolean {
    const { eye } = this.options;
    return (
      normal[0] * (eye[0] - at[0]) + normal[1] * (eye[1] - at[1]) + normal[2] * (eye[2] - at[2]) > 0
    );
  }
}
