/** Waits between tries: from `minMs`, doubled each time, up to `maxMs`, less a quarter at random. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  #tries = 0;

  constructor(minMs: number, maxMs: number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  nextMs(): number {
    const waitMs = Math.min(this.#maxMs, this.#minMs * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 30);
    return waitMs * (1 - Math.random() / 4);
  }

  reset(): void {
    this.#tries = 0;
  }
}
