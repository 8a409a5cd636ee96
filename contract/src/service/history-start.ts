import { type ConsumerConfig, DeliverPolicy, type JetStreamManager, type MsgRequest } from 'nats';
import type { DetectionEvent } from '../events.js';
import type { Since } from '../since.js';
import { noMessageErrorCode } from '../streams.js';
import { subjectOf } from '../subjects.js';
import { jetStreamErrorCode } from './declare.js';

/** N detectors finish out of order: an event is at most so many indexes away from its place. */
export const sortedWithin = 64;

export type HistoryStart = Pick<
  ConsumerConfig,
  'deliver_policy' | 'opt_start_seq' | 'opt_start_time'
>;

/**
 * Where a consumer of the session's events begins so as to miss none since then; undefined: at the oldest. After a frame
 * index it begins up to `sortedWithin` events early, so events have to be looked at.
 */
export async function historyStart(
  manager: JetStreamManager,
  sessionId: string,
  since: Since | undefined,
): Promise<HistoryStart> {
  if (since === undefined) return { deliver_policy: DeliverPolicy.All };
  if ('sinceMs' in since) return startAt(since.sinceMs);
  const seq =
    'afterSeq' in since
      ? since.afterSeq + 1
      : await firstAfter(manager, sessionId, since.afterIndex - sortedWithin);
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, seq) };
}

/** @param ms since the epoch */
export function startAt(ms: number): HistoryStart {
  const opt_start_time = new Date(ms).toISOString();
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time };
}

/** Sequence from which on the session's events have frame indexes over `index`, by bisection. */
async function firstAfter(manager: JetStreamManager, sessionId: string, index: number) {
  const { state } = await manager.streams.info('DETECTIONS');
  let [low, high] = [state.first_seq, state.last_seq + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await eventFrom(manager, sessionId, middle);
    if (found !== undefined && found.frameIndex <= index) low = found.seq + 1;
    else high = middle;
  }
  return low;
}

/** The session's first event that is stored at a sequence or behind it. */
async function eventFrom(manager: JetStreamManager, sessionId: string, seq: number) {
  // The server takes both; the client's type knows one.
  const query = { seq, next_by_subj: subjectOf('detections', sessionId) } as MsgRequest;
  try {
    const message = await manager.streams.getMessage('DETECTIONS', query);
    return { seq: message.seq, frameIndex: message.json<DetectionEvent>().frame_index };
  } catch (error) {
    if (jetStreamErrorCode(error) === noMessageErrorCode) return undefined;
    throw error;
  }
}
