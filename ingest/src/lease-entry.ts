import { type SessionState, wrongRevisionErrorCode } from '@framebus/contract';
import { type Bus, jetStreamErrorCode } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';

/** An entry of KV `session-state` that this ingest made, and changes only as long as no one else has. */
export class LeaseEntry {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  #revision: number;
  /** A renewal had no answer: it may have been stored or not. */
  #unclear = false;

  private constructor(bus: Bus, link: NatsLink, revision: number) {
    this.#bus = bus;
    this.#link = link;
    this.#revision = revision;
  }

  /**
   * Makes the entry; undefined when another has one.
   * @param over revision of an entry that it takes the place of; undefined: there is none
   * @throws NatsUnavailableError
   */
  static async make(
    bus: Bus,
    link: NatsLink,
    state: SessionState,
    over?: number,
  ): Promise<LeaseEntry | undefined> {
    const kv = bus.bucket('session-state');
    const { session_id } = state;
    try {
      const revision = await link.answer(() =>
        over === undefined
          ? kv.create(session_id, encode(state))
          : kv.update(session_id, encode(state), over),
      );
      return new LeaseEntry(bus, link, revision);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /**
   * False when the entry is not this ingest's any more.
   * @param mayMakeAnew asked when the entry is not as it was left: whether one that is gone without a trace may be made anew
   * @throws NatsUnavailableError
   */
  async renew(state: SessionState, mayMakeAnew: () => boolean): Promise<boolean> {
    try {
      if (this.#unclear) await this.#readRevision(state);
      this.#unclear = true;
      this.#revision = await this.#store(state, this.#revision).catch((error: unknown) => {
        // A server that was killed has lost the entry: as long as no one else has made one, the session is ours.
        if (isRefusal(error) && mayMakeAnew()) return this.#store(state, 0);
        throw error;
      });
      this.#unclear = false;
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /** @throws NatsUnavailableError, or a refusal when it is not this ingest's any more */
  async remove(sessionId: string): Promise<void> {
    const kv = this.#bus.bucket('session-state');
    await this.#link.answer(() => kv.delete(sessionId, { previousSeq: this.#revision }));
  }

  /** @param previousSeq revision that it takes the place of; 0: there is no entry, not even the mark of a removed one */
  #store(state: SessionState, previousSeq: number): Promise<number> {
    const kv = this.#bus.bucket('session-state');
    return this.#link.answer(() => kv.put(state.session_id, encode(state), { previousSeq }));
  }

  /** After a renewal without answer the entry may have one more revision that is ours. */
  async #readRevision({ session_id, owner }: SessionState): Promise<void> {
    const kv = this.#bus.bucket('session-state');
    const entry = await this.#link.answer(() => kv.get(session_id));
    const ours = entry?.operation === 'PUT' && entry.json<SessionState>().owner === owner;
    if (ours) this.#revision = entry.revision;
  }
}

function isRefusal(error: unknown): boolean {
  return jetStreamErrorCode(error) === wrongRevisionErrorCode;
}

function encode(state: SessionState): Uint8Array {
  return Buffer.from(JSON.stringify(state));
}
