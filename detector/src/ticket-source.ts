import { setTimeout as sleep } from 'node:timers/promises';
import { readTicket, sessionIdOf, type Ticket } from '@framebus/contract';
import {
  type Bus,
  type Logger,
  readTrace,
  type TraceContext,
  traceIds,
} from '@framebus/contract/service';
import type { Consumer, MsgHdrs } from 'nats';
import { pullTickets } from './ticket-pull.js';

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

/** A ticket's message. */
interface Delivery {
  readonly subject: string;
  readonly headers?: MsgHdrs | undefined;
  readonly deliverySeq: number;
  /** How many tickets wait behind it. */
  readonly waiting: number;
  /** Whether it was delivered before. */
  readonly redelivered: boolean;
  ack(): void;
  /** Not to be delivered again. */
  term(): void;
}

/** Takes tickets from the consumer that all detectors share, as many as are asked for: nothing waits in a buffer here. */
export class TicketSource {
  /** Tickets that waited in the queue when this detector last looked. */
  waiting = 0;
  /** Tickets that came again, since who took them did not ack in time. */
  redelivered = 0;
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
      if (message === null) {
        this.waiting = 0;
        return undefined;
      }
      if (signal.aborted) {
        message.nak();
        return undefined;
      }
      return this.#read({
        subject: message.subject,
        headers: message.headers,
        deliverySeq: message.info.deliverySequence,
        waiting: message.info.pending,
        redelivered: message.redelivered,
        ack: () => message.ack(),
        term: () => message.term(),
      });
    } catch (error) {
      this.#consumer = undefined;
      if (signal.aborted) return undefined;
      this.#log.debug({ reason: String(error) }, 'no ticket could be taken');
      await sleep(retryMs);
      await this.#bus.declare().catch(() => {});
      return undefined;
    }
  }

  /** Hands over at most `most` tickets more, those that wait already or come within `waitMs`. */
  async takeMore(
    most: number,
    waitMs: number,
    onTicket: (ticket: TakenTicket) => void,
  ): Promise<void> {
    try {
      for await (const message of pullTickets(this.#bus.connection, most, waitMs)) {
        const ticket = this.#read({
          subject: message.subject,
          headers: message.headers,
          ...readAckSubject(message.reply),
          ack: () => message.respond('+ACK'),
          term: () => message.respond('+TERM'),
        });
        if (ticket !== undefined) onTicket(ticket);
      }
    } catch (error) {
      this.#log.debug({ reason: String(error) }, 'no further ticket could be taken');
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

  #read(message: Delivery): TakenTicket | undefined {
    this.waiting = message.waiting;
    if (message.redelivered) this.redelivered += 1;
    try {
      return {
        ...readTicket(message.headers),
        sessionId: sessionIdOf(message.subject),
        deliverySeq: message.deliverySeq,
        deliveryEpoch: this.#epoch,
        trace: readTrace(message.headers),
        ack: () => message.ack(),
      };
    } catch (error) {
      const ids = traceIds(readTrace(message.headers));
      this.#log.warn(
        { subject: message.subject, reason: String(error), ...ids },
        'malformed ticket',
      );
      message.term();
      return undefined;
    }
  }
}

/**
 * What the subject tells on which a ticket is acked:
 * `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>`.
 */
function readAckSubject(subject = ''): Pick<Delivery, 'deliverySeq' | 'waiting' | 'redelivered'> {
  const tokens = subject.split('.');
  const [deliveries, , deliverySeq, , waiting] = tokens
    .slice(tokens.length === 9 ? 4 : 6)
    .map(Number) as [number, number, number, number, number];
  return { deliverySeq, waiting, redelivered: deliveries > 1 };
}
