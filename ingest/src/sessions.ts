import { isDeepStrictEqual } from 'node:util';
import {
  newSessionId,
  type SessionEntry,
  type SessionSpec,
  type SessionState,
  wrongRevisionErrorCode,
} from '@framebus/contract';
import { type Bus, jetStreamErrorCode, type Mirror } from '@framebus/contract/service';
import {
  NatsUnavailableError,
  SessionConflictError,
  SessionNotFoundError,
  TooManySessionsError,
  TooManyStoppedError,
} from './errors.js';
import type { NatsLink } from './nats-link.js';
import { type SessionView, viewOf } from './session-view.js';
import type { StopTeller } from './stop-teller.js';

const mostTries = 10;
/** Stopped sessions that are listed; past it no new one is started until the sweeper has removed the oldest. */
const maxStopped = 10_000;
const mirrorWaitMs = 500;

interface Stored {
  readonly entry: SessionEntry;
  readonly revision: number;
}

/** What is wanted of sessions: reads and writes KV `sessions`, from which ingests take their work. */
export class Sessions {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #entries: Mirror<SessionEntry>;
  readonly #states: Mirror<SessionState>;
  readonly #stops: StopTeller;
  readonly #maxSessions: number;

  constructor(setup: {
    readonly bus: Bus;
    readonly link: NatsLink;
    readonly entries: Mirror<SessionEntry>;
    readonly states: Mirror<SessionState>;
    readonly stops: StopTeller;
    readonly maxSessions: number;
  }) {
    this.#bus = setup.bus;
    this.#link = setup.link;
    this.#entries = setup.entries;
    this.#states = setup.states;
    this.#stops = setup.stops;
    this.#maxSessions = setup.maxSessions;
  }

  /** Oldest first. */
  list(): SessionView[] {
    return [...this.#entries.entries.values()]
      .map(({ value }) => viewOf(value, this.#states.get(value.session_id)))
      .sort((a, b) => a.start_time - b.start_time);
  }

  /** @throws SessionNotFoundError */
  async get(id: string): Promise<SessionView> {
    // Another ingest may have started it a moment ago.
    const entry = this.#entries.get(id)?.value ?? (await this.#stored(id)).entry;
    return viewOf(entry, this.#states.get(id));
  }

  /**
   * Wants a session to run. Does nothing to one that runs with the same `spec`.
   * @throws SessionConflictError when it runs with another, TooManySessionsError
   */
  async start(spec: SessionSpec, id = newSessionId()): Promise<SessionView> {
    await this.#tryAgain(async () => {
      const stored = await this.#find(id);
      if (stored?.entry.wanted === 'running') {
        if (!isDeepStrictEqual(stored.entry.spec, spec)) throw new SessionConflictError(id);
        return;
      }
      this.#checkRoom();
      if (stored?.entry.stop_told_by === null) await this.#stops.beforeStart(id);
      await this.#write(stored?.revision ?? 0, {
        session_id: id,
        wanted: 'running',
        spec,
        start_time: Date.now() / 1_000,
        stopped_at: null,
        frame_count: stored?.entry.frame_count ?? 0,
        name: stored?.entry.name ?? null,
      });
    });
    return this.get(id);
  }

  /** Wants a session to stop; whoever runs it does so. @throws SessionNotFoundError */
  async stop(id: string): Promise<SessionView> {
    await this.#tryAgain(async () => {
      const { entry, revision } = await this.#stored(id);
      if (entry.wanted === 'stopped') return;
      await this.#write(revision, {
        ...entry,
        wanted: 'stopped',
        stopped_at: Date.now() / 1_000,
        stop_told_by: null,
        frame_count: viewOf(entry, this.#states.get(id)).frame_count,
      });
    });
    await this.#stops.tellIfFree(id);
    return this.get(id);
  }

  /** Gives a session a name for people; null: none. Its id stays. @throws SessionNotFoundError */
  async rename(id: string, name: string | null): Promise<SessionView> {
    await this.#tryAgain(async () => {
      const { entry, revision } = await this.#stored(id);
      await this.#write(revision, { ...entry, name });
    });
    return this.get(id);
  }

  /** Stops a session and forgets it. @throws SessionNotFoundError */
  async remove(id: string): Promise<void> {
    await this.#tryAgain(async () => {
      const { revision } = await this.#stored(id);
      const kv = this.#bus.bucket('sessions');
      await this.#link.answer(() => kv.delete(id, { previousSeq: revision }));
      await until(() => this.#entries.get(id) === undefined);
    });
  }

  /** @throws SessionNotFoundError */
  async #stored(id: string): Promise<Stored> {
    const stored = await this.#find(id);
    if (stored === undefined) throw new SessionNotFoundError(id);
    return stored;
  }

  async #find(id: string): Promise<Stored | undefined> {
    const kv = this.#bus.bucket('sessions');
    const found = await this.#link.answer(() => kv.get(id));
    if (found?.operation !== 'PUT') return undefined;
    return { entry: found.json<SessionEntry>(), revision: found.revision };
  }

  /** Writes over `revision`, 0 for a new entry, and waits until this ingest sees it. */
  async #write(revision: number, entry: SessionEntry): Promise<void> {
    const kv = this.#bus.bucket('sessions');
    const id = entry.session_id;
    const value = JSON.stringify(entry);
    const written = await this.#link.answer(() =>
      revision === 0 ? kv.create(id, value) : kv.update(id, value, revision),
    );
    await until(() => (this.#entries.get(id)?.revision ?? 0) >= written);
  }

  #checkRoom(): void {
    const { size } = this.#entries.entries;
    const running = [...this.#entries.entries.values()].filter((e) => e.value.wanted === 'running');
    if (running.length >= this.#maxSessions) throw new TooManySessionsError(this.#maxSessions);
    if (size - running.length >= maxStopped) throw new TooManyStoppedError(maxStopped);
  }

  /** Another call may change the same entry in between: then `change` looks again. */
  async #tryAgain(change: () => Promise<void>): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      try {
        return await change();
      } catch (error) {
        if (jetStreamErrorCode(error) !== wrongRevisionErrorCode) throw error;
      }
    }
    throw new NatsUnavailableError('the entry keeps changing');
  }
}

/** Gives the mirror a moment to follow. */
async function until(seen: () => boolean): Promise<void> {
  const deadline = performance.now() + mirrorWaitMs;
  while (!seen() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
