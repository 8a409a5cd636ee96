import type { StoredFrame } from './newest-frame.js';
import type { TakenTicket } from './ticket-source.js';

/** A ticket reaches the server so long after its frame at most, in ms. */
const settleMs = 10;

/**
 * Acks once the frame is in hand. The camera's next ticket can come only after this, so no two detectors hold the same
 * frame, but for one that is newer than its ticket and was stored just now: a ticket of its own may still be on its
 * way, and is refused only as long as this one is not acked.
 */
export function acknowledge(ticket: TakenTicket, frame: StoredFrame | undefined): void {
  const ownTicketMs =
    frame !== undefined && frame.frameIndex > ticket.ticketIndex
      ? frame.storedAt + settleMs - Date.now()
      : 0;
  // Clocks that differ more than this cost at most a duplicate, which the server drops.
  if (ownTicketMs > 0) setTimeout(() => ticket.ack(), Math.min(ownTicketMs, settleMs));
  else ticket.ack();
}
