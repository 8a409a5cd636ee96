import type { Bus, HistoryStart } from '@framebus/contract/service';
import { AckPolicy, type JsMsg, nanos } from 'nats';
import type { NatsLink } from './nats-link.js';

const fetchMs = 1_200;
const batchSize = 500;

/** Messages of a subject that DETECTIONS keeps, oldest first, by a consumer of one's own, which also ends by itself. */
export class StoredMessages implements Disposable {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #name: string;
  /** How many there were when it was opened. */
  readonly pending: number;

  private constructor(bus: Bus, link: NatsLink, name: string, pending: number) {
    this.#bus = bus;
    this.#link = link;
    this.#name = name;
    this.pending = pending;
  }

  /** @throws NatsUnavailableError */
  static async open(bus: Bus, link: NatsLink, subject: string, start: HistoryStart) {
    const manager = await bus.connection.jetstreamManager({ checkAPI: false });
    const { name, num_pending } = await link.answer(() =>
      manager.consumers.add('DETECTIONS', {
        ...start,
        filter_subject: subject,
        ack_policy: AckPolicy.None,
        mem_storage: true,
        inactive_threshold: nanos(10_000),
      }),
    );
    return new StoredMessages(bus, link, name, num_pending);
  }

  /** At most `most` of those that were there. Ends early when some are gone meanwhile. */
  async *take(most: number): AsyncGenerator<JsMsg> {
    let left = Math.min(most, this.pending);
    if (left === 0) return;
    const consumer = await this.#link.answer(() =>
      this.#bus.jetstream.consumers.get('DETECTIONS', this.#name),
    );
    while (left > 0) {
      const before = left;
      const max_messages = Math.min(left, batchSize);
      for await (const message of await consumer.fetch({ max_messages, expires: fetchMs })) {
        left -= 1;
        yield message;
      }
      if (left === before) return;
    }
  }

  [Symbol.dispose](): void {
    void this.#delete().catch(() => {});
  }

  async #delete(): Promise<void> {
    const manager = await this.#bus.connection.jetstreamManager({ checkAPI: false });
    await manager.consumers.delete('DETECTIONS', this.#name);
  }
}
