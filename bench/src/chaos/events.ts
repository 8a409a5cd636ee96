import { type DetectionEvent, readTicket, sessionIdOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { AckPolicy, DeliverPolicy, nanos } from 'nats';

/** Tickets that were named as late as this before the end may have their events still to come, in ms. */
const underWayMs = 2_000;

/** What JetStream holds of the run. */
export interface Ledger {
  readonly events: number;
  /** Events of a frame that has one already. */
  readonly duplicates: number;
  /** Tickets that have no event. */
  readonly missing: readonly KnownTicket[];
}

/** A ticket that JetStream took, as one behind it says. */
export interface KnownTicket {
  readonly session: string;
  readonly ticket: number;
  /** When the one behind it was published, or its frame captured, in ms since the epoch. */
  readonly at: number;
}

/** The tickets of a run: each names the one before it that JetStream took, and so does each event. */
export class Tickets {
  readonly #known = new Map<string, KnownTicket>();
  readonly #analysed = new Set<string>();

  /** @param bus a connection that no fault touches; what is published while its server is away it does not see */
  constructor(bus: Bus) {
    bus.connection.subscribe('tickets.*', {
      callback: (_, message) => {
        const { previousTicketIndex } = readTicket(message.headers);
        this.#note(sessionIdOf(message.subject), previousTicketIndex, Date.now());
      },
    });
  }

  /** The ticket of the event has one. */
  analysed(event: DetectionEvent): void {
    this.#note(event.session_id, event.previous_ticket_index, event.captured_at);
    this.#analysed.add(`${event.session_id}:${event.ticket_index}`);
  }

  /** Those that have no event. @param before named before, in ms since the epoch */
  missing(before: number): KnownTicket[] {
    const late = [...this.#known].filter(
      ([key, { at }]) => at < before && !this.#analysed.has(key),
    );
    return late.map(([, ticket]) => ticket);
  }

  #note(session: string, ticket: number, at: number): void {
    const key = `${session}:${ticket}`;
    if (ticket > 0 && !this.#known.has(key)) this.#known.set(key, { session, ticket, at });
  }
}

/** Reads all detection events that are stored, by one connection that no fault touches. */
export async function readLedger(bus: Bus, tickets: Tickets): Promise<Ledger> {
  const before = Date.now() - underWayMs;
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const { name } = await manager.consumers.add('DETECTIONS', {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    filter_subject: 'detections.*',
    inactive_threshold: nanos(30_000),
    mem_storage: true,
  });
  const consumer = await bus.jetstream.consumers.get('DETECTIONS', name);
  const seen = new Set<string>();
  let duplicates = 0;
  let { num_pending: pending } = await consumer.info();
  while (pending > 0) {
    let read = 0;
    for await (const message of await consumer.fetch({ max_messages: 500, expires: 5_000 })) {
      read += 1;
      pending = message.info.pending;
      const event = message.json<DetectionEvent>();
      const frame = `${event.session_id}:${event.frame_index}`;
      if (seen.has(frame)) duplicates += 1;
      seen.add(frame);
      tickets.analysed(event);
      if (pending === 0) break;
    }
    if (read === 0) break;
  }
  return { events: seen.size, duplicates, missing: tickets.missing(before) };
}
