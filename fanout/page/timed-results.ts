import type { FrameResult } from './messages.js';

const most = 128;

/** Newest results of a camera, at most 128, to be drawn when the video comes to their time of capture. */
export class TimedResults {
  #results: FrameResult[] = [];

  push(result: FrameResult): void {
    if (result.captured_at < (this.#results.at(-1)?.captured_at ?? 0)) return;
    this.#results.push(result);
    if (this.#results.length > most) this.#results.shift();
  }

  /** The newest that was captured by then (ms since the epoch); older ones are forgotten. */
  at(capturedMs: number): FrameResult | null {
    const next = this.#results.findIndex(({ captured_at }) => captured_at > capturedMs);
    const end = next < 0 ? this.#results.length : next;
    this.#results.splice(0, end - 1);
    return end === 0 ? null : (this.#results[0] ?? null);
  }
}
