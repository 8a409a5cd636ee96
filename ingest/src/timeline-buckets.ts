import type { DetectionEvent } from '@framebus/contract';

/** Objects of one class in the frames of a bucket. */
export interface ClassCount {
  readonly class_id: number;
  /** In a frame, on average. */
  readonly mean: number;
  /** In any one frame. */
  readonly most: number;
}

export interface Bucket {
  /** When it begins, in seconds since the epoch. */
  readonly time: number;
  /** Frames that were counted. */
  readonly frames: number;
  /** By class name; classes that were not seen are left out. */
  readonly classes: Readonly<Record<string, ClassCount>>;
}

interface Sum {
  readonly classId: number;
  sum: number;
  most: number;
}

/** Counts events into equal spans of time by when their frame was captured. */
export class TimelineBuckets {
  readonly #sinceMs: number;
  readonly #widthMs: number;
  readonly #buckets: { frames: number; readonly sums: Map<string, Sum> }[];

  constructor(sinceMs: number, untilMs: number, count: number) {
    this.#sinceMs = sinceMs;
    this.#widthMs = (untilMs - sinceMs) / count;
    this.#buckets = Array.from({ length: count }, () => ({ frames: 0, sums: new Map() }));
  }

  /** Events from outside the time are left out. */
  add({ captured_at, detections }: DetectionEvent): void {
    const bucket = this.#buckets[Math.floor((captured_at - this.#sinceMs) / this.#widthMs)];
    if (bucket === undefined) return;
    bucket.frames += 1;
    const counts = new Map<string, Sum>();
    for (const { class_id, class_name } of detections) {
      const count = counts.get(class_name) ?? { classId: class_id, sum: 0, most: 0 };
      count.sum += 1;
      counts.set(class_name, count);
    }
    for (const [name, { classId, sum }] of counts) {
      const total = bucket.sums.get(name) ?? { classId, sum: 0, most: 0 };
      total.sum += sum;
      total.most = Math.max(total.most, sum);
      bucket.sums.set(name, total);
    }
  }

  list(): Bucket[] {
    return this.#buckets.map(({ frames, sums }, at) => ({
      time: (this.#sinceMs + at * this.#widthMs) / 1_000,
      frames,
      classes: Object.fromEntries(
        [...sums].map(([name, { classId, sum, most }]) => [
          name,
          { class_id: classId, mean: Math.round((sum / frames) * 1_000) / 1_000, most },
        ]),
      ),
    }));
  }
}
