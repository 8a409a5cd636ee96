import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { SessionEntry, SessionState } from '@framebus/contract';
import type { Mirror, Mirrored } from '@framebus/contract/service';
import { Presence } from './presence.js';
import type { SessionProgress } from './session-progress.js';
import { type RunnerSetup, SessionRunner } from './session-runner.js';
import { isHeld } from './session-view.js';

const lookEveryMs = 500;
/** An ingest waits so long per session that it owns before it takes one more, so that others get their share. */
const waitPerSessionMs = 20;
const maxWaitMs = 2_000;

/**
 * The sessions that this ingest runs. Whenever something changes, and every half second, what is wanted is compared
 * with what runs: sessions that no one has, or whose ingest is gone, are taken, those that are no longer wanted so are
 * let go.
 */
export class Owner implements AsyncDisposable {
  readonly #setup: RunnerSetup;
  readonly #entries: Mirror<SessionEntry>;
  readonly #states: Mirror<SessionState>;
  readonly #runners = new Map<string, SessionRunner>();
  readonly #takes = new Map<string, Promise<void>>();
  /** Highest frame index seen of each session; an entry of `session-state` that is gone leaves it here. */
  readonly #seenIndexes = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #presence: Presence;
  readonly #timer: NodeJS.Timeout;
  readonly #offRedeclared: () => void;

  constructor(setup: RunnerSetup, entries: Mirror<SessionEntry>, states: Mirror<SessionState>) {
    this.#setup = setup;
    this.#entries = entries;
    this.#states = states;
    for (const [id, { value }] of states.entries) this.#remember(id, value.frame_count);
    this.#presence = new Presence(setup.bus);
    this.#timer = setInterval(() => {
      void this.#presence.look(this.#others());
      this.look();
    }, lookEveryMs);
    this.#offRedeclared = setup.bus.onRedeclared(() => {
      for (const runner of this.#runners.values()) runner.doubt();
    });
  }

  /** How many sessions run here. */
  get count(): number {
    return this.#runners.size;
  }

  /** What they have done together. */
  get counts(): Record<string, unknown> {
    const dropped: Record<string, number> = {};
    let [captured, published] = [0, 0];
    for (const { capturedFrames, publishedFrames, drops } of this.progress) {
      captured += capturedFrames;
      published += publishedFrames;
      for (const [reason, count] of Object.entries(drops)) {
        dropped[reason] = (dropped[reason] ?? 0) + count;
      }
    }
    return { sessions: this.count, captured, published, dropped };
  }

  /** How far the sessions that run here have come. */
  get progress(): Readonly<SessionProgress>[] {
    return [...this.#runners.values()].map((runner) => runner.progress);
  }

  /** Compares what is wanted with what runs, and sets about what differs. Takes no time. */
  look(): void {
    if (this.#closing.signal.aborted) return;
    this.#forgetRemoved();
    for (const runner of this.#runners.values()) this.#letGo(runner);
    const free = [...this.#entries.entries.keys()].filter((id) => this.#isFree(id));
    shuffle(free);
    free.forEach((id, place) => {
      const take = this.#take(id, place).finally(() => this.#takes.delete(id));
      this.#takes.set(id, take);
    });
  }

  /** To be told of each change of `session-state`. */
  stateChanged(id: string, state: Mirrored<SessionState> | undefined): void {
    if (state) this.#remember(id, state.value.frame_count);
    else this.look();
  }

  /** Lets all sessions go; others may take them at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#offRedeclared();
    this.#presence[Symbol.dispose]();
    await Promise.all(this.#takes.values());
    for (const runner of this.#runners.values()) runner.stop('given up');
    await Promise.all([...this.#runners.values()].map((runner) => runner.ended));
  }

  #isFree(id: string): boolean {
    return (
      !this.#runners.has(id) &&
      !this.#takes.has(id) &&
      this.#entries.get(id)?.value.wanted === 'running' &&
      !this.#isTaken(this.#states.get(id))
    );
  }

  /**
   * Whether an ingest has the session and will renew its lease. A lease of this ingest's own that no runner has is one
   * whose making or end had no answer.
   */
  #isTaken(state: Mirrored<SessionState> | undefined): boolean {
    if (!isHeld(state)) return false;
    const instance = state?.value.instance;
    return instance !== this.#setup.instance && !this.#presence.isGone(instance);
  }

  /** Ids of the other ingests that have sessions. */
  #others(): Set<string> {
    const held = [...this.#states.entries.values()].filter(isHeld);
    const ids = held.map(({ value }) => value.instance);
    return new Set(ids.filter((id) => id !== undefined && id !== this.#setup.instance) as string[]);
  }

  async #take(id: string, place: number): Promise<void> {
    const waitMs = Math.min(maxWaitMs, waitPerSessionMs * (this.count + place));
    const { signal } = this.#closing;
    await sleep(waitMs + Math.random() * 30, undefined, { signal }).catch(() => {});
    const entry = this.#entries.get(id)?.value;
    if (signal.aborted || entry?.wanted !== 'running') return;
    const state = this.#states.get(id);
    if (this.#isTaken(state)) return;
    try {
      const seen = this.#seenIndexes.get(id) ?? 0;
      const over = isHeld(state) ? state : undefined;
      const runner = await SessionRunner.take(this.#setup, entry, seen, over?.revision);
      if (runner === undefined) return;
      const from = over?.value.owner;
      if (from) this.#setup.log.info({ session_id: id, from }, 'its ingest is gone: taken over');
      this.#run(id, runner);
    } catch (error) {
      this.#setup.log.warn({ session_id: id, reason: String(error) }, 'session not taken');
      await sleep(500, undefined, { signal }).catch(() => {});
    }
  }

  #run(id: string, runner: SessionRunner): void {
    this.#runners.set(id, runner);
    void runner.ended.then(() => {
      this.#remember(id, runner.frameCount);
      this.#runners.delete(id);
      this.look();
    });
    this.look();
  }

  #letGo(runner: SessionRunner): void {
    const wanted = this.#entries.get(runner.entry.session_id)?.value;
    if (wanted?.wanted !== 'running') runner.stop('stopped');
    else if (!isDeepStrictEqual(unnamed(wanted), unnamed(runner.entry))) runner.stop('changed');
  }

  #remember(id: string, frameCount: number): void {
    this.#seenIndexes.set(id, Math.max(frameCount, this.#seenIndexes.get(id) ?? 0));
  }

  #forgetRemoved(): void {
    for (const id of this.#seenIndexes.keys()) {
      if (this.#entries.get(id) === undefined) this.#seenIndexes.delete(id);
    }
  }
}

/** A camera plays on when it gets another name. */
function unnamed({ name: _name, ...rest }: SessionEntry): Omit<SessionEntry, 'name'> {
  return rest;
}

function shuffle(items: string[]): void {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [items[at], items[other]] = [items[other] as string, items[at] as string];
  }
}
