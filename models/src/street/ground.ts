import { point } from '../clip/noise.js';
import type { Colour } from '../clip/picture.js';
import type { Camera, Vec } from './camera.js';
import { scaled } from './palette.js';
import type { Part } from './part.js';
import { STREET_REACH, type Street } from './street.js';

/** Road, pavements, marks and stains, from below to above. */
export function groundParts(camera: Camera, street: Street, seed: number): Part[] {
  const parts: Part[] = [];
  const strip = (
    from: number,
    to: number,
    left: number,
    right: number,
    fill: Colour,
    alpha = 1,
  ) => {
    const points = camera.face([
      [from, left, 0],
      [to, left, 0],
      [to, right, 0],
      [from, right, 0],
    ]);
    if (points.length >= 6) parts.push({ points, fill, alpha });
  };
  const all = (left: number, right: number, fill: Colour) => strip(-400, 400, left, right, fill);
  const { road, pavement } = street;
  all(-300, 300, street.verge);
  all(-road - pavement, road + pavement, street.paving);
  for (const side of [-1, 1]) {
    const edge = side * (road + pavement * 0.5);
    for (let s = -30; s < 50; s += 2.5)
      strip(s, s + 0.05, edge - pavement / 2, edge + pavement / 2, scaled(street.paving, 0.8));
  }
  all(-road - 0.2, road + 0.2, scaled(street.paving, 1.12));
  all(-road, road, street.asphalt);
  for (let i = 0; i < 14; i++) {
    const at = (j: number) => point(seed, i, j);
    const s = -20 + 60 * at(1);
    const d = (at(2) * 2 - 1) * (road + pavement - 1);
    strip(
      s,
      s + 0.5 + 5 * at(3),
      d,
      d + 0.3 + 1.6 * at(4),
      at(5) > 0.5 ? [20, 20, 20] : [200, 195, 185],
      0.08 + 0.2 * at(6),
    );
  }
  const mark: Colour = [225, 222, 210];
  const lines = street.lanes.length > 2 ? [-road / 2, 0, road / 2] : [0];
  for (const d of lines) {
    if (d === 0 && point(seed, 1, 20) > 0.6) all(-0.07, 0.07, mark);
    else for (let s = -60; s < STREET_REACH; s += 6) strip(s, s + 3, d - 0.07, d + 0.07, mark);
  }
  if (street.crossing !== undefined) {
    for (let d = -road + 0.4; d < road - 0.5; d += 1)
      strip(street.crossing, street.crossing + 3, d, d + 0.5, mark, 0.9);
  }
  for (let i = 0; i < 5; i++) {
    const ring: Vec[] = [];
    const [s, d] = [-10 + 45 * point(seed, i, 30), (point(seed, i, 31) * 2 - 1) * road * 0.9];
    for (let j = 0; j < 10; j++)
      ring.push([s + 0.35 * Math.cos(j * 0.63), d + 0.35 * Math.sin(j * 0.63), 0]);
    const points = camera.face(ring);
    if (points.length >= 6) parts.push({ points, fill: scaled(street.asphalt, 0.6) });
  }
  return parts;
}
