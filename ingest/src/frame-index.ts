import {
  type DetectionEvent,
  leaseMs,
  readFrame,
  type SessionEntry,
  subjectOf,
} from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { Empty, type Msg } from 'nats';

/**
 * The frame index after which a new owner goes on, 0 when the session had none: indexes never run backwards.
 * @param seenIndex highest in the session's states that this ingest saw; up to `leaseMs` older than the session
 */
export async function lastFrameIndex(
  bus: Bus,
  { session_id, frame_count, spec }: SessionEntry,
  seenIndex: number,
): Promise<number> {
  const [frame, event] = await Promise.all([
    lastMessage(bus, 'FRAMES', subjectOf('frames', session_id)),
    lastMessage(bus, 'DETECTIONS', subjectOf('detections', session_id)),
  ]);
  const ofEvent = event?.json<DetectionEvent>().frame_index ?? 0;
  const least = Math.max(frame_count, seenIndex, ofEvent);
  if (frame) return Math.max(least, readFrame(frame).frameIndex);
  // The newest frame is gone, and an owner that died may have published more than anyone saw.
  return least > frame_count ? least + Math.ceil((spec.fps * leaseMs) / 1_000) : least;
}

/** The last message of a subject, by direct get. */
async function lastMessage(bus: Bus, stream: string, subject: string): Promise<Msg | undefined> {
  const message = await bus.connection.request(`$JS.API.DIRECT.GET.${stream}.${subject}`, Empty, {
    timeout: 1_500,
  });
  const status = message.headers?.code ?? 0;
  if (status === 404) return undefined;
  if (status >= 400) throw new Error(`direct get of ${subject}: ${message.headers?.description}`);
  return message;
}
