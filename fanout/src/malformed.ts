import { MalformedMessageError } from '@framebus/contract';
import { type Logger, LogLimit } from '@framebus/contract/service';
import type { Counters } from './counters.js';

/** Takes messages that do not keep to the contract: counts all, logs at most one a second. */
export class Malformed {
  readonly #counters: Counters;
  readonly #log: Logger;
  readonly #logLimit = new LogLimit();

  constructor(counters: Counters, log: Logger) {
    this.#counters = counters;
    this.#log = log;
  }

  /** Runs `read`, so that no message can end the process. */
  guard(subject: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#counters.malformed += 1;
      const reason = error instanceof MalformedMessageError ? error.message : String(error);
      this.#logLimit.once('malformed', () =>
        this.#log.warn({ subject, reason, soFar: this.#counters.malformed }, 'message left out'),
      );
    }
  }
}
