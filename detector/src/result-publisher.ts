import { setTimeout as sleep } from 'node:timers/promises';
import { type DetectionEvent, detectionMessageId, subjectOf } from '@framebus/contract';
import {
  type Bus,
  type Logger,
  type TraceContext,
  traceIds,
  writeTrace,
} from '@framebus/contract/service';
import { headers } from 'nats';

/** How long a result is worth publishing, in ms. */
const keepMs = 10_000;
const timeoutMs = 1_000;
const retryMs = 100;

export type Published = 'published' | 'duplicate' | 'lost';

/**
 * Publishes an event until JetStream confirms it, or for 10 s.
 * The server drops a second event of the same frame by its `Nats-Msg-Id`, so trying again doubles nothing.
 */
export async function publishResult(
  bus: Bus,
  event: DetectionEvent,
  span: TraceContext,
  log: Logger,
): Promise<Published> {
  const subject = subjectOf('detections', event.session_id);
  const data = JSON.stringify(event);
  const options = {
    msgID: detectionMessageId(event),
    headers: writeTrace(headers(), span),
    timeout: timeoutMs,
  };
  const deadline = performance.now() + keepMs;
  for (;;) {
    try {
      const ack = await bus.jetstream.publish(subject, data, options);
      return ack.duplicate ? 'duplicate' : 'published';
    } catch (error) {
      if (performance.now() > deadline || bus.connection.isClosed()) {
        log.error(
          {
            session_id: event.session_id,
            frame_index: event.frame_index,
            reason: String(error),
            ...traceIds(span),
          },
          'result lost',
        );
        return 'lost';
      }
      await sleep(retryMs);
    }
  }
}
