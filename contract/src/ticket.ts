import { headers, type MsgHdrs } from 'nats';
import { positive } from './frame.js';

/** A camera's turn: "this camera has a frame". */
export interface Ticket {
  /** The frame that was newest when the ticket was published. */
  readonly ticketIndex: number;
  /**
   * `ticketIndex` of the session's ticket before this one, 0 when there is none or it is not known.
   * Tickets of a session thus form a chain, by which a reader of their events knows what is missing.
   */
  readonly previousTicketIndex: number;
}

/** Headers of a message on `tickets.<session>`. */
export function writeTicketHeaders(ticket: Ticket): MsgHdrs {
  const hdrs = headers();
  hdrs.set('Frame-Index', String(ticket.ticketIndex));
  if (ticket.previousTicketIndex > 0) {
    hdrs.set('Previous-Index', String(ticket.previousTicketIndex));
  }
  return hdrs;
}

/** The ticket in a message on `tickets.<session>`. @throws MalformedMessageError */
export function readTicket(hdrs: MsgHdrs | undefined): Ticket {
  return {
    ticketIndex: positive(hdrs, 'Frame-Index'),
    previousTicketIndex: hdrs?.has('Previous-Index') ? positive(hdrs, 'Previous-Index') : 0,
  };
}
