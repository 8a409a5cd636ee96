import { type DetectionEvent, subjectOf } from '@framebus/contract';
import { type Bus, historyStart, sortedWithin } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';
import { readSince } from './since.js';
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
  text: string | undefined,
  limit: number,
): Promise<DetectionHistory> {
  const since = readSince(text);
  const afterIndex = since !== undefined && 'afterIndex' in since ? since.afterIndex : 0;
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const start = await link.answer(() => historyStart(manager, sessionId, since));
  const subject = subjectOf('detections', sessionId);
  using stored = await StoredMessages.open(bus, link, subject, start);
  const detections: DetectionEvent[] = [];
  let cursor = text ?? 'seq:0';
  // Those up to the index come first, and do not count.
  const most = afterIndex > 0 ? limit + 2 * sortedWithin : limit;
  for await (const message of stored.take(most)) {
    const event = message.json<DetectionEvent>();
    if (event.frame_index > afterIndex) detections.push(event);
    cursor = `seq:${message.seq}`;
    if (detections.length === limit) break;
  }
  return { detections, cursor };
}
