import { setTimeout as sleep } from 'node:timers/promises';
import { type Frame, readFrame, subjectOf } from '@framebus/contract';
import { readTrace, type TraceContext } from '@framebus/contract/service';
import type { NatsConnection } from 'nats';

const timeoutMs = 2_000;
/** Waits before asking again, in ms: all in all well below what the consumer leaves for the ack. */
const againMs = [2, 4, 8, 16, 32, 64, 128];

/** A frame as the server keeps it. */
export interface StoredFrame extends Frame {
  /** When the server stored it, in ms since the epoch by its clock. */
  readonly storedAt: number;
  /** Its own: the ticket may be an older frame's. */
  readonly trace: TraceContext;
}

/**
 * The newest frame of a session, by direct get; undefined when it is gone, or older than `atLeastIndex` still after 250 ms.
 * Ingest publishes a ticket right behind its frame without waiting in between, so the ticket may be there first: by
 * milliseconds where the server's cores are busy, by more where another server of a cluster answers.
 * @throws MalformedMessageError, or the request's error
 */
export async function newestFrame(
  connection: NatsConnection,
  sessionId: string,
  atLeastIndex: number,
): Promise<StoredFrame | undefined> {
  const subject = `$JS.API.DIRECT.GET.FRAMES.${subjectOf('frames', sessionId)}`;
  for (const waitMs of [0, ...againMs]) {
    if (waitMs > 0) await sleep(waitMs);
    const message = await connection.request(subject, undefined, { timeout: timeoutMs });
    if (message.headers?.code) continue;
    const frame = readFrame(message);
    const storedAt = Date.parse(message.headers?.get('Nats-Time-Stamp') ?? '');
    if (frame.frameIndex < atLeastIndex) continue;
    return { ...frame, storedAt, trace: readTrace(message.headers) };
  }
  return undefined;
}
