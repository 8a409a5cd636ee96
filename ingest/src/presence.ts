import type { Bus } from '@framebus/contract/service';
import { Empty, ErrorCode, type NatsError } from 'nats';

const answerMs = 1_000;
/** An ingest that lost its connection has it again within this, as a rule. */
const goneMs = 1_000;

/**
 * Which ingests are gone, by their ids with the NATS services API: the server itself says at once that nobody listens
 * there. One that hangs is not gone, nor is one whose machine went away without a word: their leases expire.
 * Holds the ingests that were asked for last.
 */
export class Presence implements Disposable {
  readonly #bus: Bus;
  /** Since when nobody answers to an id, in ms of `performance.now()`; undefined: somebody does, or may. */
  #absentSince = new Map<string, number | undefined>();
  readonly #offRedeclared: () => void;

  constructor(bus: Bus) {
    this.#bus = bus;
    // Others may be on their way back as well.
    this.#offRedeclared = bus.onRedeclared(() => this.#absentSince.clear());
  }

  isGone(instance: string | undefined): boolean {
    const since = instance === undefined ? undefined : this.#absentSince.get(instance);
    return since !== undefined && performance.now() - since >= goneMs;
  }

  /** Asks for each of these, and forgets the others. To be called every half second or so. Never rejects. */
  async look(instances: ReadonlySet<string>): Promise<void> {
    for (const known of this.#absentSince.keys()) {
      if (!instances.has(known)) this.#absentSince.delete(known);
    }
    await Promise.all([...instances].map((instance) => this.#ask(instance)));
  }

  async #ask(instance: string): Promise<void> {
    const absent = await this.#isAbsent(instance);
    const since = absent ? (this.#absentSince.get(instance) ?? performance.now()) : undefined;
    this.#absentSince.set(instance, since);
  }

  async #isAbsent(instance: string): Promise<boolean> {
    if (!this.#bus.connected) return false;
    try {
      const subject = `$SRV.PING.ingest.${instance}`;
      await this.#bus.connection.request(subject, Empty, { timeout: answerMs });
      return false;
    } catch (error) {
      return (error as NatsError).code === ErrorCode.NoResponders;
    }
  }

  [Symbol.dispose](): void {
    this.#offRedeclared();
  }
}
