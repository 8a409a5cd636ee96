import type { Bus } from '@framebus/contract/service';
import { NatsError } from 'nats';
import { NatsUnavailableError } from './errors.js';

/** How long an answer of NATS is waited for, in ms. */
const answerMs = 1_500;

/** Whether NATS is there: connected, with streams and buckets declared. */
export class NatsLink {
  #up = true;

  constructor(bus: Bus) {
    bus.onRedeclared(() => {
      this.#up = true;
    });
    void this.#watch(bus);
  }

  get up(): boolean {
    return this.#up;
  }

  /** @throws NatsUnavailableError when NATS is not there, or gives no answer in time */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    if (!this.#up) throw new NatsUnavailableError();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new NatsUnavailableError()), answerMs);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      const refused = !(error instanceof NatsError) || error.isJetStreamError();
      throw refused ? error : new NatsUnavailableError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #watch(bus: Bus): Promise<void> {
    for await (const status of bus.connection.status()) {
      if (status.type === 'disconnect') this.#up = false;
    }
  }
}
