/** Does a task again and again, the next one only after the last has ended; never while the page is hidden. */
export class Poll {
  readonly #task: () => Promise<number>;
  #timer: number | undefined;
  #running = false;
  #again = false;

  /** `task` gives the ms to wait until the next time; Infinity waits for `now`. */
  constructor(task: () => Promise<number>) {
    this.#task = task;
    document.addEventListener('visibilitychange', () => this.now());
  }

  /** Does it at once, or once more when it is being done. */
  now(): void {
    this.#again = this.#running;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    this.#running = true;
    let waitMs = Infinity;
    try {
      waitMs = await this.#task();
    } finally {
      this.#running = false;
    }
    if (this.#again) waitMs = 0;
    this.#again = false;
    if (waitMs < Infinity) this.#timer = setTimeout(() => void this.#run(), waitMs);
  }
}
