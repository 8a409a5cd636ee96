import type { Bbox, Detection, DetectionEvent } from '@framebus/contract';
import type { ModelOutput } from './model-output.js';

/** Which detections of a session are wanted. */
export interface Wanted {
  /** 0 to 1. */
  readonly confidenceThreshold: number;
  /** Class names; empty keeps all. */
  readonly classes: readonly string[];
  /** 0 to 1: what is below the threshold is told apart from here on; 1 leaves it out. */
  readonly lowScoreMin: number;
}

/** The wanted detections of one frame, boxes clipped to it; those without area are left out. */
export function readBoxes(
  output: ModelOutput,
  classNames: readonly string[],
  frame: { readonly width: number; readonly height: number },
  { classes, confidenceThreshold, lowScoreMin }: Wanted,
): Pick<DetectionEvent, 'detections' | 'low_score_detections'> {
  const read = (from: number, below: number) =>
    between(output, from, below, classes, classNames, frame);
  const detections = read(confidenceThreshold, Number.POSITIVE_INFINITY);
  if (lowScoreMin >= 1) return { detections };
  return { detections, low_score_detections: read(lowScoreMin, confidenceThreshold) };
}

function between(
  { labels, boxes, scores }: ModelOutput,
  from: number,
  below: number,
  classes: readonly string[],
  classNames: readonly string[],
  frame: { readonly width: number; readonly height: number },
): Detection[] {
  const detections: Detection[] = [];
  scores.forEach((score, i) => {
    // Written so that NaN is left out.
    if (!(score >= from && score < below)) return;
    const classId = labels[i] ?? -1;
    const className = classNames[classId] ?? `class ${classId}`;
    if (classes.length > 0 && !classes.includes(className)) return;
    const bbox = clip(boxes.subarray(4 * i, 4 * i + 4), frame.width, frame.height);
    if (!(bbox[2] > bbox[0] && bbox[3] > bbox[1])) return;
    detections.push({
      class_id: classId,
      class_name: className,
      confidence: round(Math.min(1, score), 4),
      bbox,
    });
  });
  return detections;
}

function clip(box: Float32Array, width: number, height: number): Bbox {
  const within = (value: number | undefined, max: number) =>
    round(Math.min(max, Math.max(0, value ?? 0)), 2);
  return [
    within(box[0], width),
    within(box[1], height),
    within(box[2], width),
    within(box[3], height),
  ];
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
