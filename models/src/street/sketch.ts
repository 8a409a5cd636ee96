import type { Colour } from '../clip/picture.js';
import type { Camera, Vec } from './camera.js';
import { scaled } from './palette.js';
import type { Part } from './part.js';
import { disc, hull, ring } from './polygon.js';

/** Where something stands on the ground and which way it faces, in radians from along the street. */
export interface Pose {
  readonly s: number;
  readonly d: number;
  readonly heading: number;
  /** How far it has gone in metres: turns wheels and moves legs. */
  readonly gone: number;
}

/** Forward, to the right, and up from where a thing stands; metres. */
export type Local = readonly [forward: number, right: number, up: number];

/** Extra words on a part. */
type Style = Partial<Pick<Part, 'low' | 'alpha' | 'lit' | 'glow' | 'ghost'>> & {
  /** Metres by which it counts as nearer to the camera than it is. */
  readonly bias?: number;
};

const LIGHT = [-0.35, 0.5] as const; // along and across the street, towards the light

/** Draws one thing from limbs and flat faces, nearer ones over farther ones. */
export class Sketch {
  readonly camera: Camera;
  readonly pose: Pose;
  readonly #cos: number;
  readonly #sin: number;
  readonly #parts: { part: Part; depth: number }[] = [];

  constructor(camera: Camera, pose: Pose) {
    this.camera = camera;
    this.pose = pose;
    this.#cos = Math.cos(pose.heading);
    this.#sin = Math.sin(pose.heading);
  }

  at([forward, right, up]: Local): Vec {
    const { s, d } = this.pose;
    return [
      s + forward * this.#cos - right * this.#sin,
      d + forward * this.#sin + right * this.#cos,
      up,
    ];
  }

  /** A limb between two joints. */
  bone(from: Local, to: Local, thick: number, thin: number, fill: Colour, style: Style = {}): void {
    this.blob([from, to], [thick, thin], fill, style);
  }

  /** What lies between balls at some joints. */
  blob(joints: readonly Local[], radii: readonly number[], fill: Colour, style: Style = {}): void {
    if (joints.some((joint) => this.camera.depth(this.at(joint)) < 0.5)) return;
    let depth = 0;
    const points = joints.flatMap((joint, i) => {
      const at = this.at(joint);
      const away = this.camera.depth(at);
      depth += away / joints.length;
      const [x, y] = this.camera.project(at);
      return disc(x, y, Math.max(radii[i]! * this.camera.scale(away), 0.35));
    });
    this.#add(hull(points), fill, depth, style);
  }

  ball(at: Local, radius: number, fill: Colour, style: Style = {}): void {
    const place = this.at(at);
    const [x, y] = this.camera.project(place);
    const depth = this.camera.depth(place);
    this.#add(disc(x, y, radius * this.camera.scale(depth)), fill, depth, style);
  }

  /** A flat polygon, lit from its front; none when `normal` is given and points away. */
  face(corners: readonly Local[], fill: Colour, style: Style = {}, normal?: Local): void {
    const places = corners.map((corner) => this.at(corner));
    const bright = normal === undefined ? 1 : this.#brightness(places[0]!, normal);
    if (bright === undefined) return;
    const depth = places.reduce((sum, at) => sum + this.camera.depth(at), 0) / places.length;
    const light = style.lit ? 1 : bright;
    const { low } = style;
    const shaded = low ? { ...style, low: scaled(low, light) } : style;
    this.#add(this.camera.face(places), scaled(fill, light), depth, shaded);
  }

  /** A wheel's rim or tyre: an upright ring. */
  hoop([forward, right, up]: Local, radius: number, width: number, fill: Colour): void {
    const loop = (r: number) =>
      Array.from({ length: 20 }, (_, i): Local => {
        const angle = (2 * Math.PI * i) / 20;
        return [forward + r * Math.cos(angle), right, up + r * Math.sin(angle)];
      });
    const [outer, inner] = [radius, radius - width].map((r) =>
      this.camera.face(loop(r).map((each) => this.at(each))),
    );
    const depth = this.camera.depth(this.at([forward, right, up]));
    this.#add(ring(outer!, inner!), fill, depth, {});
    // Seen from its end the ring has no area: its tyre still has a thickness.
    if (!this.#isEndOn()) return;
    const end = radius - 0.02;
    this.bone([forward, right, up - end], [forward, right, up + end], 0.02, 0.02, fill);
  }

  /** Parts from back to front. */
  parts(inOrderDrawn = false): Part[] {
    if (!inOrderDrawn) this.#parts.sort((a, b) => b.depth - a.depth);
    return this.#parts.map(({ part }) => part);
  }

  #isEndOn(): boolean {
    const { yaw } = this.camera.options;
    return Math.abs(Math.cos(this.pose.heading - yaw)) > 0.97;
  }

  /** How bright a face is; undefined when it turns away. */
  #brightness(place: Vec, [forward, right, up]: Local): number | undefined {
    const s = forward * this.#cos - right * this.#sin;
    const d = forward * this.#sin + right * this.#cos;
    if (!this.camera.sees(place, [s, d, up])) return undefined;
    return Math.max(0.55, 0.82 + 0.3 * (s * LIGHT[0] + d * LIGHT[1]) + 0.22 * up);
  }

  #add(
    points: readonly number[],
    fill: Colour,
    depth: number,
    { bias = 0, ...style }: Style,
  ): void {
    if (points.length >= 6)
      this.#parts.push({ part: { points, fill, ...style }, depth: depth - bias });
  }
}
