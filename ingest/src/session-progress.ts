import type { Reason, SessionState, SessionStatus } from '@framebus/contract';
import { Rate } from './rate.js';

/** Why a frame reaches no detector by a ticket of its own. */
export type DropReason = 'behind' | 'coalesced' | 'unpublished' | 'too_large';

/** How far a session has come under this ingest: what its lease shows. */
export class SessionProgress {
  status: SessionStatus = 'pending';
  /** Highest frame index. */
  frameCount: number;
  /** With the time at which it was, in seconds since the epoch. */
  lastError: (Reason & { readonly at: number }) | null = null;
  /** Of the newest frame, in pixels. */
  width = 0;
  height = 0;
  readonly published = new Rate();
  /** Frames that the camera gave to this ingest, and those of them that NATS keeps. */
  capturedFrames = 0;
  publishedFrames = 0;
  /** `undecoded`: pictures that came damaged or faster than ffmpeg decodes. */
  readonly drops: Record<DropReason, number> & { undecoded?: number } = {
    behind: 0,
    coalesced: 0,
    unpublished: 0,
    too_large: 0,
  };
  readonly sessionId: string;
  readonly #owner: string;
  readonly #instance: string | undefined;

  /** @param instance id of this process with the NATS services API */
  constructor(sessionId: string, owner: string, frameCount: number, instance?: string) {
    this.sessionId = sessionId;
    this.#owner = owner;
    this.#instance = instance;
    this.frameCount = frameCount;
  }

  fail({ code, message, details = {} }: Reason): void {
    this.lastError = { code, message, details, at: Date.now() / 1_000 };
  }

  state(): SessionState {
    return {
      session_id: this.sessionId,
      status: this.status,
      owner: this.#owner,
      ...(this.#instance !== undefined && { instance: this.#instance }),
      frame_count: this.frameCount,
      fps: this.published.perSecond,
      drops: { ...this.drops },
      last_error: this.lastError?.message ?? null,
      last_error_code: this.lastError?.code ?? null,
      last_error_details: this.lastError?.details ?? null,
      last_error_at: this.lastError?.at ?? null,
      width: this.width,
      height: this.height,
    };
  }
}
