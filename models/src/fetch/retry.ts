import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryPolicy {
  readonly tries: number;
  /** Longest wait before the second try, in ms; doubles from try to try, up to `maxDelayMs`. */
  readonly delayMs: number;
}

const maxDelayMs = 30_000;

/**
 * Runs `attempt` again while its error says that a retry may help.
 * Waits between half and all of a delay that doubles, or as long as the error asks for.
 * @throws the last error
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { tries, delayMs }: RetryPolicy,
  signal: AbortSignal,
  onRetry: (error: Error, waitMs: number) => void,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const { retry, retryAfterMs } = error as { retry?: boolean; retryAfterMs?: number };
      if (!retry || tried >= tries) throw error;
      const longest = Math.min(maxDelayMs, delayMs * 2 ** (tried - 1));
      const waitMs = Math.max(retryAfterMs ?? 0, longest * (0.5 + Math.random() / 2));
      onRetry(error as Error, waitMs);
      await sleep(waitMs, undefined, { signal });
    }
  }
}
