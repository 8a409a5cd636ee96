import { type StatusEvent, subjectOf } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';

/** A status event less its session and time. */
export type StatusNews = StatusEvent extends infer E
  ? E extends StatusEvent
    ? Omit<E, 'session_id' | 'timestamp'>
    : never
  : never;

/** Publishes status events of sessions. Best effort: one that cannot be published is logged and forgotten. */
export class StatusPublisher {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #log: Logger;

  constructor(bus: Bus, link: NatsLink, log: Logger) {
    this.#bus = bus;
    this.#link = link;
    this.#log = log;
  }

  async publish(sessionId: string, news: StatusNews): Promise<void> {
    const { type, ...rest } = news;
    const event = { type, session_id: sessionId, timestamp: Date.now() / 1_000, ...rest };
    const subject = subjectOf('status', sessionId);
    try {
      await this.#link.answer(() =>
        this.#bus.jetstream.publish(subject, JSON.stringify(event), { timeout: 1_500 }),
      );
    } catch (error) {
      this.#log.warn({ session_id: sessionId, reason: String(error) }, 'status not published');
    }
  }
}
