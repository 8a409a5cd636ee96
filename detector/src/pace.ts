/**
 * Says when the next batch should be fetched so that it is decoded just as the model becomes free:
 * earlier, and it would grow old in the queue; later, and the model would wait.
 */
export class Pace {
  /** Smoothed, in ms. */
  #prepareMs = 0;
  #inferMs = 0;
  /** When the model will have finished what it was given, in ms of `performance.now()`. */
  #busyUntil = 0;

  /** Milliseconds until the next batch should be fetched. */
  waitMs(now: number): number {
    return Math.max(0, this.#busyUntil - this.#prepareMs - now);
  }

  /** Fetching and decoding one batch took so long. */
  prepared(tookMs: number): void {
    this.#prepareMs = smooth(this.#prepareMs, tookMs);
  }

  /** A batch was handed to the model. */
  handed(now: number): void {
    this.#busyUntil = Math.max(now, this.#busyUntil) + this.#inferMs;
  }

  /** The model finished a batch; `left` are still in its hands. */
  finished(now: number, tookMs: number, left: number): void {
    this.#inferMs = smooth(this.#inferMs, tookMs);
    this.#busyUntil = now + left * this.#inferMs;
  }
}

function smooth(mean: number, value: number): number {
  return mean === 0 ? value : mean + 0.2 * (value - mean);
}
