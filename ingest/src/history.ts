import { type DetectionEvent, subjectOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { AckPolicy, type ConsumerConfig, DeliverPolicy, nanos } from 'nats';
import { BadRequestError } from './errors.js';
import type { NatsLink } from './nats-link.js';

const fetchMs = 1_200;
const expected =
  'seconds since the epoch such as 1753000000.5, an ISO 8601 time such as 2026-01-31T12:00:00Z, or the cursor of an answer';

/** Where reading begins: after a message, at a time, or at the oldest. */
type Since = Pick<ConsumerConfig, 'deliver_policy' | 'opt_start_seq' | 'opt_start_time'>;

export interface DetectionHistory {
  readonly detections: DetectionEvent[];
  /** `since` of the call that goes on from here. */
  readonly cursor: string;
}

/** @throws BadRequestError */
export function parseSince(since: string | undefined): Since {
  if (since === undefined) return { deliver_policy: DeliverPolicy.All };
  const cursor = /^seq:(\d{1,15})$/.exec(since);
  if (cursor) {
    const opt_start_seq = Number(cursor[1]) + 1;
    return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq };
  }
  const time = parseTime(since);
  if (time === undefined) throw new BadRequestError('since', expected);
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: time.toISOString() };
}

function parseTime(text: string): Date | undefined {
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(text)) return new Date(Number(text) * 1_000);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * Detection events of a session, oldest first, from when they were published.
 * They are read by a consumer of the call's own, which also ends by itself.
 * @throws BadRequestError, NatsUnavailableError
 */
export async function readHistory(
  bus: Bus,
  link: NatsLink,
  sessionId: string,
  since: string | undefined,
  limit: number,
): Promise<DetectionHistory> {
  const start = parseSince(since);
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const made = await link.answer(() =>
    manager.consumers.add('DETECTIONS', {
      ...start,
      filter_subject: subjectOf('detections', sessionId),
      ack_policy: AckPolicy.None,
      mem_storage: true,
      inactive_threshold: nanos(10_000),
    }),
  );
  try {
    const detections: DetectionEvent[] = [];
    let cursor = since ?? 'seq:0';
    const count = Math.min(limit, made.num_pending);
    if (count > 0) {
      const consumer = await link.answer(() =>
        bus.jetstream.consumers.get('DETECTIONS', made.name),
      );
      const messages = await consumer.fetch({ max_messages: count, expires: fetchMs });
      for await (const message of messages) {
        detections.push(message.json<DetectionEvent>());
        cursor = `seq:${message.seq}`;
      }
    }
    return { detections, cursor };
  } finally {
    manager.consumers.delete('DETECTIONS', made.name).catch(() => {});
  }
}
