import type { DetectionEvent } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { AckPolicy, DeliverPolicy, nanos } from 'nats';

/** What JetStream holds of the run. */
export interface Ledger {
  readonly events: number;
  /** Events of a frame that has one already. */
  readonly duplicates: number;
  /** Tickets that have no event though the ticket behind them was made because they were taken; `at`: its capture, ms. */
  readonly missing: readonly { readonly tickets: number; readonly at: number }[];
}

/** Reads all detection events that are stored, by one connection that no fault touches. */
export async function readLedger(bus: Bus): Promise<Ledger> {
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
  const chains = new Map<string, { ticket: number; previous: number; at: number }[]>();
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
      const chain = chains.get(event.session_id) ?? [];
      chains.set(event.session_id, chain);
      const { ticket_index: ticket, previous_ticket_index: previous, captured_at: at } = event;
      chain.push({ ticket, previous, at });
      if (pending === 0) break;
    }
    if (read === 0) break;
  }
  return { events: seen.size, duplicates, missing: [...chains.values()].flatMap(breaks) };
}

function breaks(chain: readonly { ticket: number; previous: number; at: number }[]) {
  const tickets = new Set(chain.map(({ ticket }) => ticket));
  const broken = chain.filter(({ previous }) => previous > 0 && !tickets.has(previous));
  return broken.map(({ at }) => ({ tickets: 1, at }));
}
