const windowMs = 3000;

/** Events per second over the last three seconds. */
export class Rate {
  #times: number[] = [];

  count(nowMs = performance.now()): void {
    this.#times.push(nowMs);
    this.#forget(nowMs);
  }

  perSecond(nowMs = performance.now()): number {
    this.#forget(nowMs);
    const [first] = this.#times;
    if (first === undefined || this.#times.length < 2) return this.#times.length;
    return (this.#times.length - 1) / (Math.max(nowMs - first, 1) / 1000);
  }

  #forget(nowMs: number): void {
    const from = this.#times.findIndex((time) => time > nowMs - windowMs);
    this.#times = from < 0 ? [] : this.#times.slice(from);
  }
}
