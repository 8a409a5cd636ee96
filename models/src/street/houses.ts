import { point } from '../clip/noise.js';
import type { Colour } from '../clip/picture.js';
import type { Camera, Vec } from './camera.js';
import type { Light } from './light.js';
import { scaled } from './palette.js';
import type { Part, Thing } from './part.js';
import type { House, Street } from './street.js';

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
  const add = (corners: readonly Vec[], fill: Colour, style: Partial<Part> = {}, to = parts) => {
    const points = camera.face(corners);
    if (points.length < 6) return;
    const xs = points.filter((_, i) => i % 2 === 0);
    if (Math.max(...xs) < 0 || Math.min(...xs) > width) return;
    to.push({ points, fill, ...style });
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
  const [frames, panes] = [[] as Part[], [] as Part[]];
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
      const level = Math.floor(point(house.seed, Math.round(s * 10), floor) * 6) / 6;
      const isLit = light.isNight && level > 0.55;
      const isDoor = floor === 0 && level < 0.1;
      const low = isDoor ? 0 : up + 0.9;
      add(
        upright(s - 0.1, s + house.pane + 0.1, low - 0.1, up + house.floor - 0.4),
        house.trim,
        {},
        frames,
      );
      add(
        upright(s, s + house.pane, low, up + house.floor - 0.5),
        isLit
          ? [250, 215, 140]
          : isDoor
            ? scaled(house.trim, 0.4)
            : [40 + 70 * level, 48 + 70 * level, 58 + 70 * level],
        { lit: isLit },
        panes,
      );
    }
  }
  // Alike ones in a row are drawn as one.
  panes.sort((a, b) => a.fill[0] - b.fill[0]);
  return [...parts, ...frames, ...panes];
}
