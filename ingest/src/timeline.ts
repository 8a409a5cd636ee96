import { type AlertEvent, type DetectionEvent, subjectOf } from '@framebus/contract';
import { type Bus, startAt } from '@framebus/contract/service';
import { readAlerts } from './alert-history.js';
import type { NatsLink } from './nats-link.js';
import { sampleEvents } from './sample.js';
import { StoredMessages } from './stored-messages.js';
import { type Bucket, TimelineBuckets } from './timeline-buckets.js';

/** More events than this are sampled. */
const mostRead = 2_000;
const mostAlerts = 200;

export interface Timeline {
  /** Seconds since the epoch: the first bucket begins at `since`, the last ends at `until`. */
  readonly since: number;
  readonly until: number;
  /** Seconds. */
  readonly bucket_seconds: number;
  /** Whether only some of the frames were counted, spread evenly over the time. */
  readonly sampled: boolean;
  readonly buckets: readonly Bucket[];
  /** The newest 200, newest first. */
  readonly alerts: readonly AlertEvent[];
}

/**
 * Counts of a session's objects over time, out of DETECTIONS.
 * @param sinceMs ms since the epoch
 * @throws NatsUnavailableError
 */
export async function readTimeline(
  bus: Bus,
  link: NatsLink,
  sessionId: string,
  sinceMs: number,
  count: number,
): Promise<Timeline> {
  const untilMs = Math.max(Date.now(), sinceMs + count);
  const buckets = new TimelineBuckets(sinceMs, untilMs, count);
  const subject = subjectOf('detections', sessionId);
  const alerts = readAlerts(bus, link, subjectOf('alerts', sessionId), sinceMs, mostAlerts);
  alerts.catch(() => {});
  using stored = await StoredMessages.open(bus, link, subject, startAt(sinceMs));
  const sampled = stored.pending > mostRead;
  let firstSeq = 0;
  for await (const message of stored.take(sampled ? 1 : mostRead)) {
    if (sampled) firstSeq = message.seq;
    else buckets.add(message.json<DetectionEvent>());
  }
  if (firstSeq > 0) {
    for await (const event of sampleEvents(bus, link, subject, firstSeq)) buckets.add(event);
  }
  return {
    since: sinceMs / 1_000,
    until: untilMs / 1_000,
    bucket_seconds: (untilMs - sinceMs) / count / 1_000,
    sampled,
    buckets: buckets.list(),
    alerts: await alerts,
  };
}
