/** The model gives no answer. Its thread can not be ended: native code does not listen. Only a new process helps. */
export class ModelStuckError extends Error {
  override readonly name = 'ModelStuckError';
  readonly code = 'MODEL_STUCK';
  /** Tells `run` that a thread of the process may never end. */
  readonly hangs = true;

  /** @param what gave no answer, in words */
  constructor(what: string, stuckMs: number) {
    super(`${what} gave no answer for ${Math.round(stuckMs / 100) / 10} s`);
  }
}

const graceMs = 500;

/** Says that a time in ms went by between a start and a stop, or another start. */
export class Watchdog {
  onStuck: (error: ModelStuckError) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  /** @param what is to answer, in words */
  start(what: string, stuckMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // The whole process may have been at a stand: then the answer is there, and read after this timer.
      this.#timer = setTimeout(() => this.onStuck(new ModelStuckError(what, stuckMs)), graceMs);
    }, stuckMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** What `work` gives. @throws ModelStuckError when that takes longer than `stuckMs` */
export async function inTime<T>(what: string, stuckMs: number, work: Promise<T>): Promise<T> {
  const watchdog = new Watchdog();
  const stuck = new Promise<never>((_, reject) => {
    watchdog.onStuck = reject;
  });
  watchdog.start(what, stuckMs);
  try {
    return await Promise.race([work, stuck]);
  } finally {
    watchdog.stop();
  }
}
