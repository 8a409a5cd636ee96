import {
  type Frame,
  subjectOf,
  type Ticket,
  ticketWaitsErrorCode,
  writeFrameHeaders,
  writeTicketHeaders,
} from '@framebus/contract';
import {
  type Bus,
  jetStreamErrorCode,
  readTrace,
  type TraceContext,
  traced,
  writeTrace,
} from '@framebus/contract/service';
import { Empty } from 'nats';

const ackTimeoutMs = 2_000;

/** What JetStream said to a frame and its ticket. */
export interface Stored {
  /** Why the frame was not taken; undefined: it was. */
  readonly frameError: unknown;
  /** Why the ticket was not taken; undefined: it was, or one waits already. */
  readonly ticketError: unknown;
  /** The ticket was refused, since one waits already. */
  readonly waits: boolean;
  readonly span: TraceContext;
}

/**
 * Publishes a frame and its ticket. The ticket follows at once: a detector hardly can take this frame by the ticket
 * before, and again by this one.
 */
export function storeFrame(
  { jetstream }: Bus,
  sessionId: string,
  frame: Frame,
  ticket: Ticket,
): Promise<Stored> {
  const attributes = {
    'framebus.session': sessionId,
    'framebus.frame_index': frame.frameIndex,
  };
  const options = { attributes, startTime: frame.capturedAt, kind: 'producer' } as const;
  return traced('frame publish', readTrace(undefined), options, async (span) => {
    const [frameError, ticketError] = await Promise.all([
      errorOf(
        jetstream.publish(subjectOf('frames', sessionId), frame.jpeg, {
          headers: writeTrace(writeFrameHeaders(frame), span),
          timeout: ackTimeoutMs,
        }),
      ),
      errorOf(
        jetstream.publish(subjectOf('tickets', sessionId), Empty, {
          headers: writeTrace(writeTicketHeaders(ticket), span),
          timeout: ackTimeoutMs,
        }),
      ),
    ]);
    const waits = jetStreamErrorCode(ticketError) === ticketWaitsErrorCode;
    return { frameError, ticketError: waits ? undefined : ticketError, waits, span };
  });
}

function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
