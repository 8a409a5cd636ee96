import { randomUUID } from 'node:crypto';
import type { NatsConnection, Subscription } from 'nats';

const everyMs = 2_000;
const lostAfterMs = 3 * everyMs;
const maxSeen = 1_000;

/**
 * The detectors that use the same cores: each tells the others every 2 s that it is there, and a new one at once. Of
 * more than 1,000 those heard last are remembered.
 */
export class Neighbours implements Disposable {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #id = randomUUID();
  readonly #seenAt = new Map<string, number>();
  readonly #subscription: Subscription;
  readonly #timer: NodeJS.Timeout;
  /** When a greeting of its own came back: without NATS, silence says nothing about the others. */
  #echoAt = Number.NEGATIVE_INFINITY;

  /** @param pool see Cores */
  constructor(connection: NatsConnection, pool: string) {
    this.#connection = connection;
    this.#subject = `detector.cores.${pool}`;
    this.#subscription = connection.subscribe(this.#subject, {
      callback: (error, message) => {
        if (error === null) this.#hear(message.string());
      },
    });
    this.#greet('here');
    this.#timer = setInterval(() => this.#greet('here'), everyMs).unref();
  }

  /** How many there are, this one included. */
  get count(): number {
    const lost = this.#echoAt - lostAfterMs;
    for (const [id, at] of this.#seenAt) if (at < lost) this.#seenAt.delete(id);
    return 1 + this.#seenAt.size;
  }

  #hear(greeting: string): void {
    const [word = '', id = ''] = greeting.split(' ');
    if (id === this.#id) {
      this.#echoAt = performance.now();
      return;
    }
    if (id.length !== this.#id.length) return;
    const known = this.#seenAt.delete(id);
    if (word !== 'here') return;
    this.#seenAt.set(id, performance.now());
    const [oldest] = this.#seenAt.keys();
    if (this.#seenAt.size > maxSeen && oldest !== undefined) this.#seenAt.delete(oldest);
    if (!known) this.#greet('here');
  }

  #greet(word: 'here' | 'leaves'): void {
    if (!this.#connection.isClosed()) {
      this.#connection.publish(this.#subject, `${word} ${this.#id}`);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#subscription.unsubscribe();
    this.#greet('leaves');
  }
}
