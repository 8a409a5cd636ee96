const maxKeys = 10_000;

/** Keys that are cooling down, at most 10,000; beyond, the oldest is forgotten. */
export class Cooldowns {
  readonly #until = new Map<string, number>();

  /** Begins a cool-down, unless one is under way. */
  begin(key: string, ms: number): boolean {
    if (performance.now() < (this.#until.get(key) ?? 0)) return false;
    this.restart(key, ms);
    return true;
  }

  /** Begins a cool-down in place of one that is under way. */
  restart(key: string, ms: number): void {
    this.#until.delete(key);
    this.#until.set(key, performance.now() + ms);
    const [oldest] = this.#until.keys();
    if (this.#until.size > maxKeys && oldest !== undefined) this.#until.delete(oldest);
  }
}
