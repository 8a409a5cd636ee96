import { type Box, iou } from '../clip/box.js';
import type { Found } from '../clip/match.js';
import type { TrueObject } from '../clip/truth.js';

/** A detection and how sure the detector is, 0 to 1. */
export interface ScoredFound extends Found {
  readonly confidence: number;
}

/** Whether a detection found an object; ignored when it touches no more than a partial one. */
export type Verdict = 'hit' | 'miss' | 'ignored';

const MAX_DETECTIONS = 100;

/**
 * Judges the detections of one class in one picture, the surest first, as pycocotools does: each takes the free object
 * with the best overlap; one that has no such object but lies in a partial one is ignored.
 */
export function matchImage(
  objects: readonly TrueObject[],
  detections: readonly ScoredFound[],
  minIou: number,
): { readonly confidence: number; readonly verdict: Verdict }[] {
  const free = new Set(objects.filter((object) => !object.partial));
  const partial = objects.filter((object) => object.partial);
  return [...detections]
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_DETECTIONS)
    .map(({ bbox, confidence }) => {
      let [best, bestIou] = [undefined as TrueObject | undefined, minIou];
      for (const object of free) {
        const overlap = iou(object.bbox, bbox);
        if (overlap < bestIou) continue;
        [best, bestIou] = [object, overlap];
      }
      if (best) {
        free.delete(best);
        return { confidence, verdict: 'hit' };
      }
      const isIgnored = partial.some((object) => shareInside(bbox, object.bbox) >= minIou);
      return { confidence, verdict: isIgnored ? 'ignored' : 'miss' };
    });
}

/** Share of a box that lies in another, 0 to 1. */
function shareInside(box: Box, other: Box): number {
  const width = Math.min(box[2], other[2]) - Math.max(box[0], other[0]);
  const height = Math.min(box[3], other[3]) - Math.max(box[1], other[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / ((box[2] - box[0]) * (box[3] - box[1]));
}
