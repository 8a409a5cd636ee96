import type { Since } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import { errorBody } from './bodies.js';
import type { Counters } from './counters.js';
import { FrameResult } from './frame-result.js';
import { ReplayTooLongError, readHistory } from './history.js';
import { Seam } from './seam.js';
import type { Viewer } from './viewer.js';
import type { WatchedSession } from './watched-session.js';

export interface ReplayOptions {
  readonly sessionId: string;
  readonly since: Since;
  readonly reorderMs: number;
  readonly bus: Bus;
  readonly counters: Counters;
  readonly log: Logger;
}

/**
 * Sends a viewer what is in history, then lets it go live: no frame result is missing in between or comes twice.
 * A replay that fails ends in an `error` message; the viewer goes live all the same.
 */
export async function replay(
  viewer: Viewer,
  session: WatchedSession,
  { sessionId, since, reorderMs, bus, counters, log }: ReplayOptions,
): Promise<void> {
  viewer.beginReplay();
  const seam = new Seam(session, reorderMs);
  let lastIndex = 0;
  try {
    for await (const event of readHistory(bus, sessionId, since, seam.settle)) {
      if (!viewer.open) return;
      if (event.frame_index === lastIndex || event.frame_index > seam.upTo) continue;
      lastIndex = event.frame_index;
      await viewer.replay(new FrameResult(event, null, counters));
    }
  } catch (error) {
    const tooLong = error instanceof ReplayTooLongError;
    if (!tooLong) log.warn({ session: sessionId, reason: String(error) }, 'replay failed');
    const message = tooLong ? error.message : 'since: history could not be read';
    viewer.sendBody(errorBody(sessionId, message));
  } finally {
    viewer.endReplay();
  }
}
