import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SessionEntry, wrongRevisionErrorCode } from '@framebus/contract';
import { type Bus, jetStreamErrorCode, type Logger, type Mirror } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';
import type { StatusPublisher } from './status-publisher.js';

const lookEveryMs = 500;
const tries = 20;
const retryMs = 250;

/**
 * Tells once of each stop, whoever ends the session: the ingest that runs it, else the one that took the call, else,
 * when they cannot, any other. A stop's entry says who tells; whoever writes himself there first does.
 */
export class StopTeller implements Disposable {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #statuses: StatusPublisher;
  readonly #log: Logger;
  readonly #telling = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(setup: {
    readonly bus: Bus;
    readonly link: NatsLink;
    readonly statuses: StatusPublisher;
    readonly log: Logger;
  }) {
    this.#bus = setup.bus;
    this.#link = setup.link;
    this.#statuses = setup.statuses;
    this.#log = setup.log;
  }

  /** From now on tells of stops that nobody else does: their ingest died, or lost its lease. */
  watch(entries: Mirror<SessionEntry>): void {
    this.#timer = setInterval(() => {
      for (const [id, { value }] of entries.entries) {
        if (value.wanted === 'stopped' && value.stop_told_by === null) void this.tellIfFree(id);
      }
    }, lookEveryMs);
  }

  /** Tells of a stop when no ingest has the session; one that has it tells by itself. Never rejects. */
  async tellIfFree(sessionId: string): Promise<void> {
    if (this.#telling.has(sessionId)) return;
    this.#telling.add(sessionId);
    try {
      // Not out of a mirror, which may lag: an ingest that takes the session looks at its entry after this.
      const kv = this.#bus.bucket('session-state');
      const state = await this.#link.answer(() => kv.get(sessionId));
      if (state?.operation === 'PUT') return;
      await this.#claim(sessionId);
    } catch (error) {
      this.#debug(sessionId, error);
    } finally {
      this.#telling.delete(sessionId);
    }
  }

  /** Tells of the stop of a session that this ingest ran, and keeps its highest frame index. Never rejects. */
  ended(sessionId: string, frameCount: number): Promise<void> {
    return this.#claim(sessionId, frameCount, true);
  }

  /** Tells of a stop that is about to be followed by a start. Never rejects. */
  beforeStart(sessionId: string): Promise<void> {
    return this.#claim(sessionId);
  }

  async #claim(sessionId: string, frameCount = 0, ran = false): Promise<void> {
    const kv = this.#bus.bucket('sessions');
    const by = randomUUID();
    for (let tried = 0; tried < tries; tried += 1) {
      try {
        const stored = await this.#link.answer(() => kv.get(sessionId));
        // One that was removed was stopped too, and there is no entry to agree by.
        if (stored?.operation !== 'PUT') return ran ? await this.#tell(sessionId) : undefined;
        const entry = stored.json<SessionEntry>();
        // A claim without answer may have been stored.
        if (entry.stop_told_by === by) return await this.#tell(sessionId);
        const ours = entry.stop_told_by === null;
        if (entry.wanted !== 'stopped' || (!ours && entry.frame_count >= frameCount)) return;
        const frame_count = Math.max(entry.frame_count, frameCount);
        const next = { ...entry, frame_count, ...(ours && { stop_told_by: by }) };
        await this.#link.answer(() => kv.update(sessionId, JSON.stringify(next), stored.revision));
        if (ours) await this.#tell(sessionId);
        return;
      } catch (error) {
        this.#debug(sessionId, error);
        if (jetStreamErrorCode(error) !== wrongRevisionErrorCode) await sleep(retryMs);
      }
    }
  }

  #tell(sessionId: string): Promise<void> {
    const message = 'stopped as asked';
    return this.#statuses.publish(sessionId, { type: 'status', status: 'stopped', message });
  }

  #debug(sessionId: string, error: unknown): void {
    this.#log.debug({ session_id: sessionId, reason: String(error) }, 'stop not told yet');
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
