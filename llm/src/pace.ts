import { setImmediate, setTimeout } from 'node:timers/promises';

/** Node takes a longer timer for one of 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

/** When each token of an answer is due, on the clock of `performance.now()`. */
export class Pace {
  readonly #firstAt: number;
  readonly #everyMs: number;

  constructor(ttftMs: number, tokensPerSecond = Infinity) {
    this.#firstAt = performance.now() + ttftMs;
    this.#everyMs = 1000 / tokensPerSecond;
  }

  /** `index` counts from 0. */
  dueAt(index: number): number {
    return this.#firstAt + index * this.#everyMs;
  }
}

/**
 * Waits until the time on the clock of `performance.now()`, and at least one turn of the event
 * loop, so that a long answer leaves room for others.
 * @throws the signal's reason
 */
export async function waitUntil(at: number, signal: AbortSignal): Promise<void> {
  try {
    await setImmediate(undefined, { signal });
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await setTimeout(Math.min(Math.ceil(left), longestTimerMs), undefined, { signal });
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
