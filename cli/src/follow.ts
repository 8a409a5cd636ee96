import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from './backoff.js';
import { ConnectionLostError, RefusedError, UnreachableError } from './errors.js';
import type { StreamMessage } from './messages.js';
import { type StreamRequest, stream } from './socket.js';

export interface Follower {
  readonly onMessage: (message: StreamMessage) => void;
  /** The connection is lost, or a try to have it again failed; the next is in `retryMs`. */
  readonly onLost: (reason: string, retryMs: number) => void;
}

/**
 * The messages of a session until `signal` is aborted. A connection that was there once is made again, 0.5 s to
 * 10 s after a loss, for as long as it takes.
 * @throws UnreachableError, RefusedError of the first connection; a RefusedError that time does not heal
 */
export async function follow(
  request: StreamRequest,
  { onMessage, onLost }: Follower,
  signal: AbortSignal,
): Promise<void> {
  let wasThere = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await stream(
        request,
        (message) => {
          wasThere = true;
          failures = 0;
          onMessage(message);
        },
        signal,
      );
    } catch (error) {
      if (!wasThere || !heals(error)) throw error;
      failures += 1;
      const retryMs = backoffMs(failures);
      onLost((error as Error).message, retryMs);
      await sleep(retryMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** Whether a later try may do better. */
function heals(error: unknown): boolean {
  if (error instanceof RefusedError) return error.status === 429 || error.status >= 500;
  return error instanceof ConnectionLostError || error instanceof UnreachableError;
}
