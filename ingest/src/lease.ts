import { setTimeout as sleep } from 'node:timers/promises';
import { leaseMs, type SessionState } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import { LeaseEntry } from './lease-entry.js';
import type { NatsLink } from './nats-link.js';

const renewEveryMs = 1_500;
const retryEveryMs = 250;
/** The camera is let go so long before others may take it. */
const marginMs = 1_000;

/**
 * The right of this ingest to run a session: an entry of KV `session-state`, renewed by revision, which shows the
 * session's state at the same time. `lost` is aborted as soon as the entry is another's, or may be; `holds` says so even
 * to a process that stood still meanwhile.
 */
export class Lease {
  readonly #entry: LeaseEntry;
  readonly #log: Logger;
  readonly #state: () => SessionState;
  readonly #sessionId: string;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #deadlineMs: number;
  #deadline: NodeJS.Timeout;
  /** Another may have the session since the last renewal. */
  #doubted = false;
  #wake: () => void = () => {};
  #touched = false;
  #running: Promise<void>;

  private constructor(
    entry: LeaseEntry,
    log: Logger,
    state: () => SessionState,
    startedAt: number,
  ) {
    this.#entry = entry;
    this.#log = log;
    this.#state = state;
    this.#sessionId = state().session_id;
    this.#deadlineMs = deadlineFrom(startedAt);
    this.#deadline = this.#loseAtDeadline();
    this.#running = this.#keep();
  }

  /**
   * Takes the session; undefined when another has it. From then on `state` is asked before each renewal.
   * @param over revision of an entry that nobody renews any more though it has not expired; undefined: there is none
   * @throws NatsUnavailableError
   */
  static async take(
    bus: Bus,
    link: NatsLink,
    log: Logger,
    state: () => SessionState,
    over?: number,
  ): Promise<Lease | undefined> {
    const startedAt = performance.now();
    const entry = await LeaseEntry.make(bus, link, state(), over);
    return entry && new Lease(entry, log, state, startedAt);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether the session is surely this ingest's now. */
  get holds(): boolean {
    return this.lasts && !this.#doubted;
  }

  /** Whether no other ingest may take it for want of a renewal. Once it does not last, it is lost. */
  get lasts(): boolean {
    return !this.#ended && performance.now() < this.#deadlineMs;
  }

  /** Renews now, since the lease may be gone: until then it does not hold. */
  doubt(): void {
    this.#doubted = true;
    this.touch();
  }

  /** Renews now, since the state has changed. */
  touch(): void {
    this.#touched = true;
    this.#wake();
  }

  /** Gives the session up. Others see it at once when NATS is there. */
  async release(): Promise<void> {
    this.#released.abort();
    this.#wake();
    clearTimeout(this.#deadline);
    await this.#running;
    if (this.#lost.signal.aborted) return;
    await this.#entry
      .remove(this.#sessionId)
      .catch((error: unknown) => this.#warn(error, 'lease not given up, it will expire'));
  }

  get #ended(): boolean {
    return this.#lost.signal.aborted || this.#released.signal.aborted;
  }

  async #keep(): Promise<void> {
    let waitMs = renewEveryMs;
    while (!this.#ended) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      if (!this.#touched) {
        await sleep(waitMs, undefined, { signal: woken.signal }).catch(() => {});
      }
      this.#touched = false;
      if (!this.#ended) waitMs = (await this.#renew()) ? renewEveryMs : retryEveryMs;
    }
  }

  async #renew(): Promise<boolean> {
    const startedAt = performance.now();
    const doubted = this.#doubted;
    const renewed = await this.#entry
      .renew(this.#state(), () => this.lasts)
      .catch((error: unknown) => this.#warn(error, 'lease not renewed, trying again'));
    if (renewed === false) this.#lose('refused');
    if (!renewed) return false;
    clearTimeout(this.#deadline);
    this.#deadlineMs = deadlineFrom(startedAt);
    // A doubt that came meanwhile has its own renewal.
    if (doubted && !this.#touched) this.#doubted = false;
    if (!this.#ended) this.#deadline = this.#loseAtDeadline();
    return true;
  }

  #loseAtDeadline(): NodeJS.Timeout {
    return setTimeout(
      () => this.#lose('not renewed in time'),
      this.#deadlineMs - performance.now(),
    );
  }

  #lose(reason: string): void {
    if (this.#ended) return;
    this.#log.warn({ session_id: this.#sessionId, reason }, 'lease lost');
    clearTimeout(this.#deadline);
    this.#lost.abort();
    this.#wake();
  }

  #warn(error: unknown, message: string): void {
    this.#log.warn({ session_id: this.#sessionId, reason: String(error) }, message);
  }
}

/** Both in ms of `performance.now()`. */
function deadlineFrom(startedAt: number): number {
  return startedAt + leaseMs - marginMs;
}
