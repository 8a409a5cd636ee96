import { MalformedMessageError } from '@framebus/contract';
import { type Logger, readTrace, traceIds } from '@framebus/contract/service';
import type { MsgHdrs } from 'nats';
import type { Counters } from './counters.js';

/** Takes messages that do not keep to the contract: counts all, logs at most one a second. */
export class Malformed {
  readonly #counters: Counters;
  readonly #log: Logger;

  constructor(counters: Counters, log: Logger) {
    this.#counters = counters;
    this.#log = log;
  }

  /** Runs `read`, so that no message can end the process. */
  guard(subject: string, read: () => void, headers?: MsgHdrs): void {
    try {
      read();
    } catch (error) {
      this.#counters.malformed += 1;
      const reason = error instanceof MalformedMessageError ? error.message : String(error);
      const cause = { subject, reason, code: 'malformed', soFar: this.#counters.malformed };
      this.#log.warn({ ...cause, ...traceIds(readTrace(headers)) }, 'message left out');
    }
  }
}
