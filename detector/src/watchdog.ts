/** The model gives no answer. Its thread can not be ended: native code does not listen. Only a new process helps. */
export class ModelStuckError extends Error {
  override readonly name = 'ModelStuckError';
  readonly code = 'MODEL_STUCK';
  /** Tells `run` that a thread of the process may never end. */
  readonly hangs = true;

  constructor(stuckMs: number) {
    super(`the model gave no answer for ${Math.round(stuckMs / 100) / 10} s`);
  }
}

const graceMs = 500;

/** Says that `stuckMs` went by between a start and a stop, or another start. */
export class Watchdog {
  onStuck: (error: ModelStuckError) => void = () => {};
  readonly #stuckMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(stuckMs: number) {
    this.#stuckMs = stuckMs;
  }

  start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // The whole process may have been at a stand: then the answer is there, and read after this timer.
      this.#timer = setTimeout(() => this.onStuck(new ModelStuckError(this.#stuckMs)), graceMs);
    }, this.#stuckMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
