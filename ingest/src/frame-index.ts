import { type DetectionEvent, readFrame, subjectOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { Empty, type Msg } from 'nats';

/**
 * The highest frame index that a session is known to have had, 0 when it had none: of `known`, its newest frame
 * and its last detection event. A new owner goes on from there, so that indexes never run backwards.
 */
export async function highestFrameIndex(
  bus: Bus,
  sessionId: string,
  known: readonly number[],
): Promise<number> {
  const [frame, event] = await Promise.all([
    lastMessage(bus, 'FRAMES', subjectOf('frames', sessionId)),
    lastMessage(bus, 'DETECTIONS', subjectOf('detections', sessionId)),
  ]);
  const ofFrame = frame ? readFrame(frame).frameIndex : 0;
  const ofEvent = event?.json<DetectionEvent>().frame_index ?? 0;
  return Math.max(0, ofFrame, ofEvent, ...known);
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
