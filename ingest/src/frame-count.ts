import type { SessionEntry } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import type { NatsLink } from './nats-link.js';

/** Writes the highest frame index of a stopped session into its entry. Best effort: the entry holds one already. */
export async function keepFrameCount(
  { bus, link, log }: { readonly bus: Bus; readonly link: NatsLink; readonly log: Logger },
  sessionId: string,
  frameCount: number,
): Promise<void> {
  const kv = bus.bucket('sessions');
  try {
    const stored = await link.answer(() => kv.get(sessionId));
    if (stored?.operation !== 'PUT') return;
    const entry = stored.json<SessionEntry>();
    if (entry.wanted !== 'stopped' || entry.frame_count >= frameCount) return;
    const kept = JSON.stringify({ ...entry, frame_count: frameCount });
    await link.answer(() => kv.update(sessionId, kept, stored.revision));
  } catch (error) {
    log.debug({ session_id: sessionId, reason: String(error) }, 'frame count not kept');
  }
}
