import { setTimeout as sleep } from 'node:timers/promises';
import { readTicket, sessionIdOf, type Ticket } from '@framebus/contract';
import { type Bus, type Logger, readTrace, type TraceContext } from '@framebus/contract/service';
import type { Consumer, JsMsg } from 'nats';

/** A camera's turn that this detector took. It must be acked, as soon as the camera's frame is in hand. */
export interface TakenTicket extends Ticket {
  readonly sessionId: string;
  /** See DetectionEvent. */
  readonly deliverySeq: number;
  readonly deliveryEpoch: number;
  readonly trace: TraceContext;
  ack(): void;
}

const waitMs = 1_000;
const retryMs = 100;

/** Takes tickets from the consumer that all detectors share, one at a time: nothing waits in a buffer here. */
export class TicketSource {
  readonly #bus: Bus;
  readonly #log: Logger;
  #consumer: Consumer | undefined;
  #epoch = 0;

  constructor(bus: Bus, log: Logger) {
    this.#bus = bus;
    this.#log = log;
    // The consumer may have been made anew, with another epoch.
    bus.onRedeclared(() => {
      this.#consumer = undefined;
    });
  }

  /** The next ticket; undefined when none came within a second. A ticket that came too late goes to another detector. */
  async take(signal: AbortSignal): Promise<TakenTicket | undefined> {
    try {
      const message = await (await this.#open()).next({ expires: waitMs });
      if (message === null) return undefined;
      if (signal.aborted) {
        message.nak();
        return undefined;
      }
      return this.#read(message);
    } catch (error) {
      this.#consumer = undefined;
      if (signal.aborted) return undefined;
      this.#log.debug({ reason: String(error) }, 'no ticket could be taken');
      await sleep(retryMs);
      await this.#bus.declare().catch(() => {});
      return undefined;
    }
  }

  async #open(): Promise<Consumer> {
    if (this.#consumer === undefined) {
      const consumer = await this.#bus.jetstream.consumers.get('TICKETS', 'detectors');
      this.#epoch = Date.parse(String((await consumer.info(true)).created));
      this.#consumer = consumer;
    }
    return this.#consumer;
  }

  #read(message: JsMsg): TakenTicket | undefined {
    try {
      return {
        ...readTicket(message.headers),
        sessionId: sessionIdOf(message.subject),
        deliverySeq: message.info.deliverySequence,
        deliveryEpoch: this.#epoch,
        trace: readTrace(message.headers),
        ack: () => message.ack(),
      };
    } catch (error) {
      this.#log.warn({ subject: message.subject, reason: String(error) }, 'malformed ticket');
      message.term();
      return undefined;
    }
  }
}
