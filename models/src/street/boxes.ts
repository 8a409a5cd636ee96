import type { TrueObject } from '../clip/truth.js';
import { LABELS } from './labels.js';
import { emptyMask, fillPolygon, type Mask } from './mask.js';
import type { Thing } from './part.js';

const PARTIAL_SHARE = 0.25;
const PARTIAL_PIXELS = 10; // where the picture is 1280 wide
const MIN_PIXELS = 3; // fewer visible pixels than this are nothing

/**
 * The objects that a picture of things shows, the things from back to front.
 * Boxes are in pixels of the picture, around what no other thing covers.
 */
export function visibleObjects(
  things: readonly Thing[],
  width: number,
  height: number,
): TrueObject[] {
  const mask = emptyMask(width, height);
  const objects = things.filter(({ classId }) => classId !== undefined);
  if (objects.length > 255) throw new RangeError(`${objects.length} objects are over 255`);
  let id = 0;
  for (const thing of things) draw(mask, thing, thing.classId === undefined ? 0 : ++id);
  const seen = extents(mask, objects.length);
  const minSide = (PARTIAL_PIXELS * width) / 1280;
  return objects.flatMap((thing, i) => {
    const { x1, y1, x2, y2, pixels } = seen[i]!;
    if (pixels < MIN_PIXELS) return [];
    const isPartial =
      Math.min(x2 - x1, y2 - y1) < minSide || pixels < PARTIAL_SHARE * fullPixels(thing);
    const object: TrueObject = {
      class_id: thing.classId!,
      class_name: LABELS[thing.classId!]!,
      bbox: [x1, y1, x2, y2],
      ...(isPartial && { partial: true as const }),
    };
    return [object];
  });
}

function draw(mask: Mask, thing: Thing, id: number, left = 0, top = 0): void {
  for (const part of thing.parts) if (!part.ghost) fillPolygon(mask, part.points, id, left, top);
}

/** Pixels that a thing would take with nothing in front and no end of the picture. */
function fullPixels(thing: Thing): number {
  const [xs, ys] = [0, 1].map((axis) =>
    thing.parts.flatMap((part) => (part.ghost ? [] : part.points.filter((_, i) => i % 2 === axis))),
  );
  const [left, top] = [Math.floor(Math.min(...xs!)), Math.floor(Math.min(...ys!))];
  const mask = emptyMask(
    Math.min(Math.ceil(Math.max(...xs!)) - left + 1, 4000),
    Math.min(Math.ceil(Math.max(...ys!)) - top + 1, 4000),
  );
  draw(mask, thing, 1, left, top);
  return mask.ids.reduce((sum, id) => sum + id, 0);
}

function extents({ width, height, ids }: Mask, count: number) {
  const seen = Array.from({ length: count }, () => ({
    x1: width,
    y1: height,
    x2: 0,
    y2: 0,
    pixels: 0,
  }));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const id = ids[at]!;
      if (id === 0) continue;
      const extent = seen[id - 1]!;
      if (x < extent.x1) extent.x1 = x;
      if (x >= extent.x2) extent.x2 = x + 1;
      if (y < extent.y1) extent.y1 = y;
      extent.y2 = y + 1;
      extent.pixels++;
    }
  }
  return seen;
}
