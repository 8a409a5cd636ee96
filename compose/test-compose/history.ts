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

/**
 * Tickets that gave no event, as `camera ticket`, by the chain that tickets form: each event tells the ticket before
 * its own. A ticket that a stopping detector gave back is delivered again and gives its event later. One whose frame was
 * analysed by the turn before it, since it was there already, needs none.
 * @param newest events of each camera that are left out: one before them may still be on its way
 * @param epoch only what this count of deliveries should have given, from each camera's first event in it
 */
export function missingTickets(
  events: readonly DetectionEvent[],
  newest: number,
  epoch?: number,
): string[] {
  const cameras = new Set(events.map((event) => event.session_id));
  return [...cameras].flatMap((camera) => {
    const own = events.filter((event) => event.session_id === camera);
    const ordered = own.sort((a, b) => a.ticket_index - b.ticket_index);
    const settled = ordered
      .slice(0, ordered.length - newest)
      .filter((event) => epoch === undefined || event.delivery_epoch === epoch);
    const given = new Set(ordered.flatMap((event) => [event.ticket_index, event.frame_index]));
    // What came before the first is unknown, or was lost with the server's memory.
    return settled
      .slice(1)
      .map((event) => event.previous_ticket_index)
      .filter((ticket) => ticket > 0 && !given.has(ticket))
      .map((ticket) => `${camera} ${ticket}`);
  });
}
