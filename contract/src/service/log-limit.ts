const everyMs = 1_000;

/** Lets a line of each cause through at most once a second. Causes must be few: codes, not messages. */
export class LogLimit {
  readonly #loggedAt = new Map<string, number>();

  once(cause: string, log: () => void): void {
    const now = performance.now();
    if (now - (this.#loggedAt.get(cause) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    this.#loggedAt.set(cause, now);
    log();
  }
}
