import {
  leaseMs,
  type ReasonDetails,
  type SessionEntry,
  type SessionState,
} from '@framebus/contract';
import type { Mirrored } from '@framebus/contract/service';
import { redact } from './stream-url.js';

/** A session as the control API shows it. */
export interface SessionView {
  readonly session_id: string;
  readonly name: string | null;
  readonly status: string;
  readonly frame_count: number;
  /** Without credentials. */
  readonly stream_url: string;
  /** Seconds since the epoch. */
  readonly start_time: number;
  readonly fps: number;
  /** Sum of `drops`. */
  readonly dropped: number;
  readonly drops: Readonly<Record<string, number>>;
  readonly last_error: string | null;
  /** What `last_error` says (see Reason). */
  readonly last_error_code: string | null;
  readonly last_error_details: ReasonDetails | null;
  /** Seconds since the epoch. */
  readonly last_error_at: number | null;
  /** Id of the ingest that runs it, null when none does. */
  readonly owner: string | null;
}

/** Whether some ingest has the session: the lease has not expired. */
export function isHeld(state: Mirrored<SessionState> | undefined): boolean {
  return state !== undefined && performance.now() - state.storedAt < leaseMs;
}

export function viewOf(
  entry: SessionEntry,
  state: Mirrored<SessionState> | undefined,
): SessionView {
  const seen = isHeld(state) ? state?.value : undefined;
  const drops = seen?.drops ?? {};
  const running = entry.wanted === 'running';
  return {
    session_id: entry.session_id,
    name: entry.name ?? null,
    status: running ? (seen?.status ?? 'pending') : 'stopped',
    frame_count: Math.max(entry.frame_count, state?.value.frame_count ?? 0),
    stream_url: redact(entry.spec.stream_url),
    start_time: entry.start_time,
    fps: running ? (seen?.fps ?? 0) : 0,
    dropped: Object.values(drops).reduce((sum, count) => sum + count, 0),
    drops,
    last_error: seen?.last_error ?? null,
    last_error_code: seen?.last_error_code ?? null,
    last_error_details: seen?.last_error_details ?? null,
    last_error_at: seen?.last_error_at ?? null,
    owner: running ? (seen?.owner ?? null) : null,
  };
}
