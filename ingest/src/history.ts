import { type DetectionEvent, subjectOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';
import { parseSince } from './since.js';
import { StoredMessages } from './stored-messages.js';

export interface DetectionHistory {
  readonly detections: DetectionEvent[];
  /** `since` of the call that goes on from here. */
  readonly cursor: string;
}

/**
 * Detection events of a session, oldest first, from when they were published.
 * @throws BadRequestError, NatsUnavailableError
 */
export async function readHistory(
  bus: Bus,
  link: NatsLink,
  sessionId: string,
  since: string | undefined,
  limit: number,
): Promise<DetectionHistory> {
  const subject = subjectOf('detections', sessionId);
  using stored = await StoredMessages.open(bus, link, subject, parseSince(since));
  const detections: DetectionEvent[] = [];
  let cursor = since ?? 'seq:0';
  for await (const message of stored.take(limit)) {
    detections.push(message.json<DetectionEvent>());
    cursor = `seq:${message.seq}`;
  }
  return { detections, cursor };
}
