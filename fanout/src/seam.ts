import { setTimeout as sleep } from 'node:timers/promises';
import type { WatchedSession } from './watched-session.js';

/**
 * Where history ends and live results begin, for one replay.
 * In a session that others watch, that is the newest result that they were sent: what is newer comes live, perhaps in
 * another order than it is stored. In one that nobody watched before, some of what is stored never came live, and an
 * earlier frame may still be in the hands of another detector: history goes up to its newest event once that one had
 * its time, or to what came live meanwhile.
 */
export class Seam {
  readonly #session: WatchedSession;
  /** To be awaited at the end of what is stored; undefined: there is nothing to wait for. */
  readonly settle: ((newestIndex: number) => Promise<void>) | undefined;
  #upTo: number | undefined;

  constructor(session: WatchedSession, reorderMs: number) {
    this.#session = session;
    if (session.last !== undefined) return;
    this.#upTo = Number.POSITIVE_INFINITY;
    this.settle = async (newestIndex) => {
      await sleep(reorderMs);
      this.#upTo = Math.max(newestIndex, session.last?.frame_index ?? 0);
    };
  }

  /** Highest frame index that history gives. */
  get upTo(): number {
    return this.#upTo ?? this.#session.last?.frame_index ?? Number.POSITIVE_INFINITY;
  }
}
