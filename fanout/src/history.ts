import { type DetectionEvent, type Since, subjectOf } from '@framebus/contract';
import { type Bus, historyStart, sortedWithin } from '@framebus/contract/service';
import { AckPolicy, nanos } from 'nats';
import { readDetectionEvent } from './read-event.js';

const maxEvents = 10_000;
const batchSize = 500;
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
 * The session's events stored since then, by time of capture, up to the newest.
 * @param settle called at the end with the highest frame index; what is stored by the time that it resolves comes as well
 * @throws ReplayTooLongError
 */
export async function* readHistory(
  bus: Bus,
  sessionId: string,
  since: Since,
  settle?: (newestIndex: number) => Promise<void>,
): AsyncGenerator<DetectionEvent> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const info = await manager.consumers.add('DETECTIONS', {
    ack_policy: AckPolicy.None,
    ...(await historyStart(manager, sessionId, since)),
    filter_subject: subjectOf('detections', sessionId),
    inactive_threshold: nanos(30_000),
    mem_storage: true,
  });
  const afterIndex = 'afterIndex' in since ? since.afterIndex : 0;
  try {
    if (info.num_pending > maxEvents) throw new ReplayTooLongError(info.num_pending);
    const consumer = await bus.jetstream.consumers.get('DETECTIONS', info.name);
    const events: DetectionEvent[] = [];
    let pending = info.num_pending;
    let newest = 0;
    for (const last of settle ? [false, true] : [true]) {
      while (pending > 0) {
        let read = 0;
        const max_messages = Math.min(batchSize, pending);
        for await (const message of await consumer.fetch({ max_messages, expires: fetchMs })) {
          read += 1;
          pending = message.info.pending;
          const event = tryRead(message);
          if (event === undefined) continue;
          newest = Math.max(newest, event.frame_index);
          if (event.frame_index > afterIndex) events.push(event);
        }
        // Messages that were counted are gone: their time is over.
        if (read === 0) break;
        events.sort((a, b) => a.captured_at - b.captured_at);
        yield* events.splice(0, Math.max(0, events.length - sortedWithin));
      }
      if (last) break;
      await settle?.(newest);
      pending = (await consumer.info()).num_pending;
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
