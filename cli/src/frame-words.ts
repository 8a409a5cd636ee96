import type { Detection } from '@framebus/contract';

/** The detections of one class, most confident first. */
export interface OfClass {
  readonly className: string;
  readonly confidences: readonly number[];
}

/** Detections by class, in the order of class ids, so that rows keep their places from frame to frame. */
export function byClass(detections: readonly Detection[]): OfClass[] {
  const classes = new Map<string, number[]>();
  const sorted = detections.toSorted(
    (a, b) => a.class_id - b.class_id || b.confidence - a.confidence,
  );
  for (const { class_name, confidence } of sorted) {
    classes.set(class_name, [...(classes.get(class_name) ?? []), confidence]);
  }
  return [...classes].map(([className, confidences]) => ({ className, confidences }));
}

/** `red object 0.97 0.91, blue object 0.88` */
export function detectionWords(detections: readonly Detection[]): string {
  if (detections.length === 0) return 'nothing';
  return byClass(detections)
    .map(({ className, confidences }) => `${className} ${confidences.map(two).join(' ')}`)
    .join(', ');
}

export function two(confidence: number): string {
  return confidence.toFixed(2);
}

/** `85 ms`, `3.2 s`, `5 min` */
export function ageWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** Local time with its ms. @param ms since the epoch */
export function timeWords(ms: number): string {
  const date = new Date(ms);
  const pad = (value: number, digits = 2) => `${value}`.padStart(digits, '0');
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((v) => pad(v)).join(':');
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}
