/** How often something happened per second, over the last `windowMs`. */
export class Rate {
  readonly #windowMs: number;
  readonly #startedAt = performance.now();
  #times: number[] = [];

  constructor(windowMs = 5_000) {
    this.#windowMs = windowMs;
  }

  mark(): void {
    this.#times.push(performance.now());
    this.#forget();
  }

  get perSecond(): number {
    this.#forget();
    const overMs = Math.min(this.#windowMs, Math.max(1_000, performance.now() - this.#startedAt));
    return Math.round((this.#times.length / overMs) * 10_000) / 10;
  }

  #forget(): void {
    const oldest = performance.now() - this.#windowMs;
    const kept = this.#times.findIndex((time) => time >= oldest);
    this.#times = kept === -1 ? [] : kept === 0 ? this.#times : this.#times.slice(kept);
  }
}
