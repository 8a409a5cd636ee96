import type { Metrics } from '@framebus/contract/service';
import type { Counts } from './counts.js';
import type { TicketSource } from './ticket-source.js';

/** Adds what a detector counts. */
export function detectorMetrics(
  metrics: Metrics,
  facts: { readonly id: string; readonly model: string; readonly provider: string },
  counts: Counts,
  tickets: TicketSource,
): void {
  const { id: detector, model, provider } = facts;
  metrics.gauge(
    'framebus_detector_info',
    'Always 1; its labels tell id, model and execution provider.',
    ['detector', 'model', 'provider'],
    () => [[{ detector, model, provider }, 1]],
  );
  metrics.counter(
    'framebus_frames_analysed_total',
    'Frames whose event NATS confirmed.',
    [],
    () => counts.frames,
  );
  metrics.counter(
    'framebus_frames_dropped_total',
    'Frames that gave no event of their own, by reason.',
    ['reason'],
    () => Object.entries(counts.dropped).map(([reason, count]) => [{ reason }, count]),
  );
  metrics.gauge(
    'framebus_queue_tickets',
    'Cameras that waited for their turn when this detector last took one.',
    [],
    () => tickets.waiting,
  );
  metrics.counter(
    'framebus_tickets_redelivered_total',
    'Turns that came again, since who took them did not acknowledge in time.',
    [],
    () => tickets.redelivered,
  );
}
