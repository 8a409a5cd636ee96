import { point } from '../clip/noise.js';
import type { Colour } from '../clip/picture.js';
import type { Camera, Vec } from './camera.js';
import type { Light } from './light.js';
import { scaled } from './palette.js';
import type { Part, Thing } from './part.js';
import { type House, STREET_REACH, type Street } from './street.js';

const MIN_PANE = 2.5; // pixels; windows smaller than this are not drawn

/** House fronts and ends, from far to near. */
export function houseThings(camera: Camera, street: Street, light: Light): Thing[] {
  return street.houses
    .flatMap((house) => {
      const parts = drawHouse(camera, street, house, light);
      const middle: Vec = [(house.from + house.to) / 2, house.side * street.front, 0];
      return parts.length
        ? [{ parts, depth: Math.max(camera.depth(middle), 1), light: light.ambient }]
        : [];
    })
    .sort((a, b) => b.depth - a.depth);
}

function drawHouse(camera: Camera, street: Street, house: House, light: Light): Part[] {
  const d = house.side * street.front;
  const parts: Part[] = [];
  const { width } = camera.options;
  const add = (corners: readonly Vec[], fill: Colour, style: Partial<Part> = {}) => {
    const points = camera.face(corners);
    if (points.length < 6) return;
    const xs = points.filter((_, i) => i % 2 === 0);
    if (Math.max(...xs) < 0 || Math.min(...xs) > width) return;
    parts.push({ points, fill, ...style });
  };
  const upright = (from: number, to: number, low: number, high: number): Vec[] => [
    [from, d, low],
    [to, d, low],
    [to, d, high],
    [from, d, high],
  ];
  for (const [s, normal] of [
    [house.from, -1],
    [house.to, 1],
  ] as const) {
    const far = d + house.side * 14;
    if (camera.sees([s, d, 0], [normal, 0, 0])) {
      add(
        [
          [s, d, 0],
          [s, far, 0],
          [s, far, house.height],
          [s, d, house.height],
        ],
        scaled(house.wall, 0.72),
      );
    }
  }
  if (!camera.sees([0, d, 0], [0, -house.side, 0])) return parts;
  const bright = house.side > 0 ? 0.82 : 1.02;
  add(upright(house.from, house.to, 0, house.height), scaled(house.wall, bright), {
    low: scaled(house.wall, bright * 0.85),
  });
  if (parts.length === 0) return parts;
  if (house.roof)
    add(upright(house.from, house.to, house.height - 0.7, house.height + 0.8), house.roof);
  for (let floor = 0; (floor + 1) * house.floor < house.height; floor++) {
    const up = floor * house.floor;
    if (floor === 0 && house.shop) {
      add(upright(house.from + 0.4, house.to - 0.4, 2.5, 3.1), house.shop);
      add(
        upright(house.from + 0.6, house.to - 0.6, 0.4, 2.45),
        light.isNight ? [225, 205, 150] : [55, 60, 68],
        { lit: light.isNight },
      );
      add(upright(house.from + 1.6, house.from + 2.6, 0, 2.3), scaled(house.trim, 0.5));
      continue;
    }
    for (let s = house.from + 0.8; s + house.pane < house.to - 0.4; s += house.pane + house.gap) {
      const depth = camera.depth([s, d, 0]);
      if (depth < 0.5 || house.pane * camera.scale(depth) < MIN_PANE) continue;
      const level = point(house.seed, Math.round(s * 10), floor);
      const isLit = light.isNight && level > 0.6;
      const isDoor = floor === 0 && level < 0.2;
      const low = isDoor ? 0 : up + 0.9;
      add(upright(s - 0.1, s + house.pane + 0.1, low - 0.1, up + house.floor - 0.4), house.trim);
      add(
        upright(s, s + house.pane, low, up + house.floor - 0.5),
        isLit
          ? [250, 215, 140]
          : isDoor
            ? scaled(house.trim, 0.4)
            : [40 + 70 * level, 48 + 70 * level, 58 + 70 * level],
        { lit: isLit },
      );
    }
  }
  return parts;
}

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
