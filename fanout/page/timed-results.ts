import type { FrameResult } from './messages.js';

const most = 128;

/** Newest results of a camera, at most 128, to be drawn when the video comes to their time of capture. */
export class TimedResults {
  #results: FrameResult[] = [];

  push(result: FrameResult): void {
    this.#results.push(result);
    if (this.#results.length > most) this.#results.shift();
  }

  /** The one that was captured nearest to then (ms since the epoch); older ones are forgotten. */
  nearest(capturedMs: number): FrameResult | null {
    const distance = (result: FrameResult) => Math.abs(result.captured_at - capturedMs);
    for (;;) {
      const [first, second] = this.#results;
      if (first === undefined) return null;
      if (second === undefined || distance(first) < distance(second)) return first;
      this.#results.shift();
    }
  }
}
