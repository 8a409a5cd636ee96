import type { SessionState, SessionStatus } from '@framebus/contract';
import { Rate } from './rate.js';

/** Why a frame reaches no detector by a ticket of its own. */
export type DropReason = 'behind' | 'coalesced' | 'unpublished' | 'too_large';

/** How far a session has come under this ingest: what its lease shows. */
export class SessionProgress {
  status: SessionStatus = 'pending';
  /** Highest frame index. */
  frameCount: number;
  lastError: string | null = null;
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

  state(): SessionState {
    return {
      session_id: this.sessionId,
      status: this.status,
      owner: this.#owner,
      ...(this.#instance !== undefined && { instance: this.#instance }),
      frame_count: this.frameCount,
      fps: this.published.perSecond,
      drops: { ...this.drops },
      last_error: this.lastError,
      width: this.width,
      height: this.height,
    };
  }
}
