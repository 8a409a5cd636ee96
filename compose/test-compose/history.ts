import type { DetectionEvent } from '@framebus/contract';
import type { Deployment } from './deployment.js';

interface Page {
  readonly detections: readonly DetectionEvent[];
  readonly cursor: string;
}

/** Every detection event of a session that JetStream keeps, through the gateway. */
export async function historyOf(deployment: Deployment, camera: string): Promise<DetectionEvent[]> {
  const events: DetectionEvent[] = [];
  let since = '';
  for (;;) {
    const path = `/api/v1/video/sessions/${camera}/detections?limit=1000${since}`;
    const page = await deployment.call<Page>('GET', path);
    events.push(...page.detections);
    if (page.detections.length === 0) return events;
    since = `&since=${page.cursor}`;
  }
}

/** What the deliveries of tickets gave, by the consumer that counted them, oldest first. */
export interface Deliveries {
  readonly epoch: number;
  readonly events: number;
  readonly last: number;
  /** Deliveries that no event came of. */
  readonly missing: readonly number[];
}

/** Each delivery is one frame taken, and should have given one event. */
export function deliveriesOf(events: readonly DetectionEvent[]): Deliveries[] {
  const epochs = new Map<number, Set<number>>();
  for (const { delivery_epoch, delivery_seq } of events) {
    const seqs = epochs.get(delivery_epoch) ?? new Set();
    epochs.set(delivery_epoch, seqs.add(delivery_seq));
  }
  return [...epochs]
    .sort(([a], [b]) => a - b)
    .map(([epoch, seqs]) => {
      const last = Math.max(...seqs);
      const missing = Array.from({ length: last }, (_, i) => i + 1).filter((n) => !seqs.has(n));
      return { epoch, events: seqs.size, last, missing };
    });
}
