import type { SessionEntry } from '@framebus/contract';
import type { Bus, Logger, Mirror } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';

const everyMs = 60_000;
/** A stopped session stays listed so long. */
export const keepStoppedMs = 24 * 60 * 60 * 1_000;

/** Removes sessions that were stopped long ago. Any ingest does so. */
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
    this.#timer = setInterval(() => void this.sweep(), everyMs);
    void this.sweep();
  }

  async sweep(): Promise<void> {
    const kv = this.#bus.bucket('sessions');
    const oldest = (Date.now() - keepStoppedMs) / 1_000;
    for (const [id, { value, revision }] of this.#entries.entries) {
      if (value.wanted !== 'stopped' || (value.stopped_at ?? oldest) >= oldest) continue;
      await this.#link
        .answer(() => kv.delete(id, { previousSeq: revision }))
        .then(() => this.#log.info({ session_id: id }, 'old session removed'))
        .catch((error: unknown) => this.#log.debug({ reason: String(error) }, 'not removed'));
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
