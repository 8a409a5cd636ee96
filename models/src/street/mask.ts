import type { Points } from './part.js';

/** Which object each pixel shows: its number from 1, or 0. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint8Array;
}

export function emptyMask(width: number, height: number): Mask {
  return { width, height, ids: new Uint8Array(width * height) };
}

/** Sets the pixels whose middle lies in a polygon (even-odd rule). */
export function fillPolygon(mask: Mask, points: Points, id: number, left = 0, top = 0): void {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 1; i < points.length; i += 2) {
    low = Math.min(low, points[i]!);
    high = Math.max(high, points[i]!);
  }
  const from = Math.max(0, Math.ceil(low - top - 0.5));
  const end = Math.min(mask.height, Math.ceil(high - top - 0.5));
  for (let row = from; row < end; row++) {
    const cuts = crossings(points, row + top + 0.5);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const first = Math.min(Math.max(Math.ceil(cuts[i]! - left - 0.5), 0), mask.width);
      const last = Math.min(Math.max(Math.ceil(cuts[i + 1]! - left - 0.5), first), mask.width);
      mask.ids.fill(id, row * mask.width + first, row * mask.width + last);
    }
  }
}

/** Where a polygon's outline cuts a line of the picture, from the left. */
function crossings(points: Points, y: number): number[] {
  const cuts: number[] = [];
  const length = points.length;
  for (let i = 0, j = length - 2; i < length; j = i, i += 2) {
    const y1 = points[j + 1]!;
    const y2 = points[i + 1]!;
    if (y1 <= y === y2 <= y) continue;
    cuts.push(points[j]! + ((points[i]! - points[j]!) * (y - y1)) / (y2 - y1));
  }
  return cuts.sort((a, b) => a - b);
}
