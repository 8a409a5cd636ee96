import type { SessionEntry } from '@framebus/contract';
import type { Bus, Logger, Mirror } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';

const everyMs = 60_000;
/** Of stopped sessions so many stay listed, those stopped last. */
const maxListed = 5_000;
/** A stopped session stays listed so long. */
export const keepStoppedMs = 24 * 60 * 60 * 1_000;

/** What marks a removed session goes after so long: by then all that follow the bucket have seen it. */
export const keepMarkersMs = 10 * 60_000;

/** Removes sessions that were stopped long ago, and the marks of those removed. Any ingest does so. */
export class Sweeper implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #entries: Mirror<SessionEntry>;
  readonly #log: Logger;

  constructor(bus: Bus, link: NatsLink, entries: Mirror<SessionEntry>, log: Logger) {
    this.#bus = bus;
    this.#link = link;
    this.#entries = entries;
    this.#log = log;
    this.#timer = setInterval(() => this.#sweepAll(), everyMs);
    this.#sweepAll();
  }

  #sweepAll(): void {
    void this.sweep();
    this.sweepMarkers().catch((error: unknown) =>
      this.#log.debug({ reason: String(error) }, 'marks not removed'),
    );
  }

  async sweep(): Promise<void> {
    const kv = this.#bus.bucket('sessions');
    const oldest = (Date.now() - keepStoppedMs) / 1_000;
    const stopped = [...this.#entries.entries]
      .filter(([, { value }]) => value.wanted === 'stopped')
      .sort(([, a], [, b]) => (b.value.stopped_at ?? 0) - (a.value.stopped_at ?? 0));
    for (const [place, [id, { value, revision }]] of stopped.entries()) {
      if (place < maxListed && (value.stopped_at ?? oldest) >= oldest) continue;
      await this.#link
        .answer(() => kv.delete(id, { previousSeq: revision }))
        .then(() => this.#log.info({ session_id: id }, 'old session removed'))
        .catch((error: unknown) => this.#log.debug({ reason: String(error) }, 'not removed'));
    }
  }

  /** A removed key leaves an empty message, which nothing else takes away. @param keepMs age from which it goes */
  async sweepMarkers(keepMs = keepMarkersMs): Promise<void> {
    const options = { checkAPI: false };
    const manager = await this.#bus.connection.jetstreamManager(options);
    const kv = this.#bus.bucket('sessions');
    for await (const { key, operation, created, revision } of await kv.history()) {
      if (operation === 'PUT' || Date.now() - created.getTime() < keepMs) continue;
      // Up to the mark itself: the session may have been started anew meanwhile.
      const purge = { filter: `$KV.sessions.${key}`, seq: revision + 1 };
      await manager.streams.purge('KV_sessions', purge);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
