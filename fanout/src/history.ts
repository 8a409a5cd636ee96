import { type DetectionEvent, subjectOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { AckPolicy, DeliverPolicy, nanos } from 'nats';
import { readDetectionEvent } from './read-event.js';

const maxEvents = 10_000;
const batchSize = 500;
/** Events are stored in the order in which N detectors finish: they are sorted within this many. */
const sortedWithin = 64;
const fetchMs = 2_000;

/** More events were asked for than are replayed to one viewer. */
export class ReplayTooLongError extends Error {
  override readonly name = 'ReplayTooLongError';
  readonly code = 'REPLAY_TOO_LONG';

  constructor(events: number) {
    super(
      `since: ${events} events are stored since then, at most ${maxEvents} are replayed; ask for a later time`,
    );
  }
}

/**
 * The session's events stored since a time (ms since the epoch), by time of capture, up to the newest.
 * @throws ReplayTooLongError
 */
export async function* readHistory(
  bus: Bus,
  sessionId: string,
  sinceMs: number,
): AsyncGenerator<DetectionEvent> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const info = await manager.consumers.add('DETECTIONS', {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(sinceMs).toISOString(),
    filter_subject: subjectOf('detections', sessionId),
    inactive_threshold: nanos(30_000),
    mem_storage: true,
  });
  try {
    if (info.num_pending > maxEvents) throw new ReplayTooLongError(info.num_pending);
    const consumer = await bus.jetstream.consumers.get('DETECTIONS', info.name);
    let pending = info.num_pending;
    const events: DetectionEvent[] = [];
    while (pending > 0) {
      let read = 0;
      const max_messages = Math.min(batchSize, pending);
      for await (const message of await consumer.fetch({ max_messages, expires: fetchMs })) {
        read += 1;
        pending = message.info.pending;
        const event = tryRead(message);
        if (event) events.push(event);
      }
      // Messages that were counted are gone: their time is over.
      if (read === 0) break;
      events.sort((a, b) => a.captured_at - b.captured_at);
      yield* events.splice(0, Math.max(0, events.length - sortedWithin));
    }
    yield* events;
  } finally {
    await manager.consumers.delete('DETECTIONS', info.name).catch(() => false);
  }
}

function tryRead(message: { subject: string; data: Uint8Array }): DetectionEvent | undefined {
  try {
    return readDetectionEvent(message);
  } catch {
    return undefined;
  }
}
