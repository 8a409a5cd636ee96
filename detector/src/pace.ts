/**
 * Says when the next batch should be fetched so that it is decoded just as the model becomes free:
 * earlier, and it would grow old in the queue; later, and the model would wait.
 */
export class Pace {
  readonly #prepareMs = new Mean();
  readonly #inferMs = new Mean();
  /** When the model will have finished what it was given, in ms of `performance.now()`. */
  #busyUntil = 0;

  /** Milliseconds until the next batch should be fetched. */
  waitMs(now: number): number {
    // As TCP waits for an answer: most batches that take longer than the mean are in time as well.
    const early = this.#prepareMs.value + 2 * this.#prepareMs.deviation;
    return Math.max(0, this.#busyUntil - early - now);
  }

  /** Fetching and decoding one batch took so long. */
  prepared(tookMs: number): void {
    this.#prepareMs.add(tookMs);
  }

  /** A batch was handed to the model. */
  handed(now: number): void {
    this.#busyUntil = Math.max(now, this.#busyUntil) + this.#inferMs.value;
  }

  /** The model finished a batch; `left` are still in its hands. */
  finished(now: number, tookMs: number, left: number): void {
    this.#inferMs.add(tookMs);
    this.#busyUntil = now + left * this.#inferMs.value;
  }
}

/** Smoothed, with the mean deviation from it. Source: RFC 6298, the retransmission timer. */
class Mean {
  value = 0;
  deviation = 0;

  add(sample: number): void {
    if (this.value === 0) {
      this.value = sample;
      return;
    }
    this.deviation += 0.2 * (Math.abs(sample - this.value) - this.deviation);
    this.value += 0.2 * (sample - this.value);
  }
}
