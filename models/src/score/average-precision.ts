import type { TrueObject } from '../clip/truth.js';
import { matchImage, type ScoredFound } from './match-image.js';

/** What one picture shows, and what a detector says about it; boxes in the same pixels. */
export interface ImageResult {
  readonly objects: readonly TrueObject[];
  readonly detections: readonly ScoredFound[];
}

/** Figures of one class, or their means. */
export interface Precision {
  /** Average precision at IoU 0.5, 0 to 1. */
  readonly ap50: number;
  /** Mean of it over IoU 0.5, 0.55 … 0.95. */
  readonly ap: number;
}

export interface ClassPrecision extends Precision {
  readonly classId: number;
  /** Objects that were to be found: partial ones are not. */
  readonly objects: number;
  readonly detections: number;
}

export interface PrecisionReport extends Precision {
  readonly images: number;
  /** Those with objects. */
  readonly classes: readonly ClassPrecision[];
}

const IOUS = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9));
const RECALLS = Array.from({ length: 101 }, (_, i) => i * 0.01);

/**
 * Average precision as COCO counts it: 101 points of recall, 100 detections a class and picture, partial objects as its
 * crowds. NaN where there are no objects. https://cocodataset.org/#detection-eval
 */
export function averagePrecision(
  images: readonly ImageResult[],
  classCount: number,
): PrecisionReport {
  const classes = Array.from({ length: classCount }, (_, classId) => ofClass(images, classId));
  const known = classes.filter(({ objects }) => objects > 0);
  const mean = (of: (each: Precision) => number) =>
    known.reduce((sum, each) => sum + of(each), 0) / known.length;
  return {
    images: images.length,
    ap50: mean((each) => each.ap50),
    ap: mean((each) => each.ap),
    classes: known,
  };
}

function ofClass(images: readonly ImageResult[], classId: number): ClassPrecision {
  const own = images.map(({ objects, detections }) => ({
    objects: objects.filter((object) => object.class_id === classId),
    detections: detections.filter((found) => found.class_id === classId),
  }));
  const objects = own.flatMap((image) => image.objects).filter((object) => !object.partial).length;
  const precisions = IOUS.map((minIou) => {
    const judged = own.flatMap((image) => matchImage(image.objects, image.detections, minIou));
    return interpolated(judged, objects);
  });
  return {
    classId,
    objects,
    detections: own.reduce((sum, image) => sum + image.detections.length, 0),
    ap50: precisions[0]!,
    ap: precisions.reduce((sum, each) => sum + each, 0) / precisions.length,
  };
}

/** Mean of the best precision at each recall or a higher one. */
function interpolated(
  judged: readonly { readonly confidence: number; readonly verdict: string }[],
  objects: number,
): number {
  const counted = judged
    .filter(({ verdict }) => verdict !== 'ignored')
    .sort((a, b) => b.confidence - a.confidence);
  let hits = 0;
  const points = counted.map(({ verdict }, i) => {
    if (verdict === 'hit') hits++;
    return { recall: hits / objects, precision: hits / (i + 1) };
  });
  for (let i = points.length - 2; i >= 0; i--) {
    points[i]!.precision = Math.max(points[i]!.precision, points[i + 1]!.precision);
  }
  let [sum, at] = [0, 0];
  for (const recall of RECALLS) {
    while (at < points.length && points[at]!.recall < recall) at++;
    sum += points[at]?.precision ?? 0;
  }
  return sum / RECALLS.length;
}
