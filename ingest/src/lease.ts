import { setTimeout as sleep } from 'node:timers/promises';
import { leaseMs, type SessionState, wrongRevisionErrorCode } from '@framebus/contract';
import { type Bus, jetStreamErrorCode, type Logger } from '@framebus/contract/service';
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
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #log: Logger;
  readonly #state: () => SessionState;
  readonly #sessionId: string;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #revision: number;
  /** A renewal had no answer: it may have been stored or not. */
  #unclear = false;
  #deadlineMs: number;
  #deadline: NodeJS.Timeout;
  /** Another may have the session since the last renewal. */
  #doubted = false;
  #wake: () => void = () => {};
  #touched = false;
  #running: Promise<void>;

  private constructor(
    bus: Bus,
    link: NatsLink,
    log: Logger,
    state: () => SessionState,
    revision: number,
    startedAt: number,
  ) {
    this.#bus = bus;
    this.#link = link;
    this.#log = log;
    this.#state = state;
    this.#sessionId = state().session_id;
    this.#revision = revision;
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
    const first = state();
    try {
      const kv = bus.bucket('session-state');
      const revision = await link.answer(() =>
        over === undefined
          ? kv.create(first.session_id, encode(first))
          : kv.update(first.session_id, encode(first), over),
      );
      return new Lease(bus, link, log, state, revision, startedAt);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
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
    await this.#link
      .answer(() =>
        this.#bus.bucket('session-state').delete(this.#sessionId, { previousSeq: this.#revision }),
      )
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
    try {
      if (this.#unclear) await this.#readRevision();
      const state = encode(this.#state());
      this.#unclear = true;
      this.#revision = await this.#store(state, this.#revision).catch((error: unknown) => {
        // A server that was killed has lost the entry: as long as no one else has made one, the session is ours.
        if (isRefusal(error) && this.lasts) return this.#store(state, 0);
        throw error;
      });
      this.#unclear = false;
      clearTimeout(this.#deadline);
      this.#deadlineMs = deadlineFrom(startedAt);
      // A doubt that came meanwhile has its own renewal.
      if (doubted && !this.#touched) this.#doubted = false;
      if (!this.#ended) this.#deadline = this.#loseAtDeadline();
      return true;
    } catch (error) {
      if (isRefusal(error)) this.#lose('refused');
      else this.#warn(error, 'lease not renewed, trying again');
      return false;
    }
  }

  /** @param previousSeq revision that it takes the place of; 0: there is no entry, not even the mark of a removed one */
  #store(state: Uint8Array, previousSeq: number): Promise<number> {
    const kv = this.#bus.bucket('session-state');
    return this.#link.answer(() => kv.put(this.#sessionId, state, { previousSeq }));
  }

  /** After a renewal without answer the entry may have one more revision that is ours. */
  async #readRevision(): Promise<void> {
    const kv = this.#bus.bucket('session-state');
    const entry = await this.#link.answer(() => kv.get(this.#sessionId));
    const ours =
      entry?.operation === 'PUT' && entry.json<SessionState>().owner === this.#state().owner;
    if (ours) this.#revision = entry.revision;
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

function isRefusal(error: unknown): boolean {
  return jetStreamErrorCode(error) === wrongRevisionErrorCode;
}

function encode(state: SessionState): Uint8Array {
  return Buffer.from(JSON.stringify(state));
}
