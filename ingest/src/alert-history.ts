import type { AlertEvent } from '@framebus/contract';
import { type Bus, startAt } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';
import { StoredMessages } from './stored-messages.js';

/** How far back is looked, one after the other, until there are enough. */
const windowsMs = [10_000, 600_000, 3_600_000, 21_600_000, 86_400_000];
const mostRead = 20_000;

/**
 * The newest alerts since then (ms since the epoch), newest first.
 * @param subject `alerts.<session>`, or `alerts.*`
 * @throws NatsUnavailableError
 */
export async function readAlerts(
  bus: Bus,
  link: NatsLink,
  subject: string,
  sinceMs: number,
  limit: number,
): Promise<AlertEvent[]> {
  const now = Date.now();
  for (const windowMs of windowsMs) {
    const fromMs = Math.max(now - windowMs, sinceMs);
    using stored = await StoredMessages.open(bus, link, subject, startAt(fromMs));
    if (stored.pending < limit && fromMs > sinceMs && windowMs !== windowsMs.at(-1)) continue;
    const newest: AlertEvent[] = [];
    for await (const message of stored.take(mostRead)) {
      newest.push(message.json<AlertEvent>());
      if (newest.length > limit) newest.shift();
    }
    return newest.reverse();
  }
  return [];
}
