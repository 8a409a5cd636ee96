import { type Box, iou } from './box.js';
import type { TrueObject } from './truth.js';

/** What a detection must say to be compared. */
export interface Found {
  readonly class_id: number;
  readonly bbox: Box;
}

/** How the detections of a frame compare with its truth. */
export interface Match<F extends Found> {
  readonly matched: readonly {
    readonly object: TrueObject;
    readonly found: F;
    readonly iou: number;
  }[];
  /** Objects without a detection, but for partial ones. */
  readonly missed: readonly TrueObject[];
  /** Detections without an object. One that touches a partial object of its class is none. */
  readonly extra: readonly F[];
  /** Of the matched, in their order. */
  readonly ious: readonly number[];
}

/**
 * Pairs objects with detections of the same class, best overlap first, each used once.
 * @param minIou pairs with less overlap are none, 0 to 1
 */
export function matchBoxes<F extends Found>(
  truth: readonly TrueObject[],
  detections: readonly F[],
  minIou: number,
): Match<F> {
  const pairs = truth
    .flatMap((object) =>
      detections
        .filter((found) => found.class_id === object.class_id)
        .map((found) => ({ object, found, iou: iou(object.bbox, found.bbox) })),
    )
    .sort((a, b) => b.iou - a.iou);
  const objects = new Set(truth);
  const rest = new Set(detections);
  const matched = pairs.filter(
    (pair) =>
      pair.iou >= minIou &&
      objects.has(pair.object) &&
      rest.has(pair.found) &&
      objects.delete(pair.object) &&
      rest.delete(pair.found),
  );
  for (const pair of pairs) if (pair.object.partial && pair.iou > 0) rest.delete(pair.found);
  return {
    matched,
    missed: [...objects].filter((object) => !object.partial),
    extra: [...rest],
    ious: matched.map((pair) => pair.iou),
  };
}
