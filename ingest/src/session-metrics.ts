import type { Metrics } from '@framebus/contract/service';
import type { Owner } from './owner.js';

/**
 * Adds what the sessions tell that run here: at most MAX_SESSIONS of them. A session that stops is told no more, and
 * one that comes back counts from 0.
 */
export function sessionMetrics(metrics: Metrics, owner: Owner): void {
  metrics.gauge('framebus_sessions', 'Sessions that run here, by status.', ['status'], () => {
    const statuses = new Map<string, number>();
    for (const { status } of owner.progress) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    return [...statuses].map(([status, count]) => [{ status }, count]);
  });
  metrics.counter(
    'framebus_frames_captured_total',
    'Frames that the camera gave.',
    ['session'],
    () => owner.progress.map((of) => [{ session: of.sessionId }, of.capturedFrames]),
  );
  metrics.counter(
    'framebus_frames_published_total',
    'Frames that NATS confirmed.',
    ['session'],
    () => owner.progress.map((of) => [{ session: of.sessionId }, of.publishedFrames]),
  );
  metrics.counter(
    'framebus_frames_dropped_total',
    'Frames that gave no event of their own, by reason.',
    ['session', 'reason'],
    () =>
      owner.progress.flatMap(({ sessionId: session, drops }) =>
        Object.entries({ undecoded: 0, ...drops }).map(
          ([reason, count]) => [{ session, reason }, count] as const,
        ),
      ),
  );
}
