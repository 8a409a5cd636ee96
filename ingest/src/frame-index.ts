import {
  type DetectionEvent,
  leaseMs,
  noMessageErrorCode,
  readFrame,
  readTicket,
  type SessionEntry,
  subjectOf,
} from '@framebus/contract';
import { type Bus, jetStreamErrorCode } from '@framebus/contract/service';
import type { StoredMsg } from 'nats';

/**
 * The frame index after which a new owner goes on, 0 when the session had none: indexes never run backwards.
 * @param seenIndex highest in the session's states that this ingest saw; up to `leaseMs` older than the session
 */
export async function lastFrameIndex(
  bus: Bus,
  { session_id, frame_count, spec }: SessionEntry,
  seenIndex: number,
): Promise<number> {
  const [frame, event] = await Promise.all([
    lastMessage(bus, 'FRAMES', subjectOf('frames', session_id)),
    lastMessage(bus, 'DETECTIONS', subjectOf('detections', session_id)),
  ]);
  const ofEvent = event?.json<DetectionEvent>().frame_index ?? 0;
  const least = Math.max(frame_count, seenIndex, ofEvent);
  if (frame) {
    const { frameIndex } = readFrame({ headers: frame.header, data: frame.data });
    return Math.max(least, frameIndex);
  }
  // The newest frame is gone, and an owner that died may have published more than anyone saw.
  return least > frame_count ? least + Math.ceil((spec.fps * leaseMs) / 1_000) : least;
}

/**
 * `ticketIndex` of the ticket whose event has not come yet, 0 without one. There is one at most for a session, and it may
 * be another ingest's.
 */
export async function waitingTicketIndex(bus: Bus, sessionId: string): Promise<number> {
  const ticket = await lastMessage(bus, 'TICKETS', subjectOf('tickets', sessionId));
  return ticket ? readTicket(ticket.header).ticketIndex : 0;
}

/** Whether the server keeps a frame of the session. */
export async function hasFrame(bus: Bus, sessionId: string): Promise<boolean> {
  return (await lastMessage(bus, 'FRAMES', subjectOf('frames', sessionId))) !== undefined;
}

/** The last message of a subject, from the stream's leader: in a cluster a direct get may be answered by one that lags. */
async function lastMessage(
  bus: Bus,
  stream: string,
  last_by_subj: string,
): Promise<StoredMsg | undefined> {
  const options = { checkAPI: false, timeout: 1_500 };
  const manager = await bus.connection.jetstreamManager(options);
  try {
    return await manager.streams.getMessage(stream, { last_by_subj });
  } catch (error) {
    if (jetStreamErrorCode(error) === noMessageErrorCode) return undefined;
    throw error;
  }
}
