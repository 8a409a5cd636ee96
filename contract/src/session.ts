import type { SessionStatus } from './events.js';
import type { ReasonDetails } from './reason.js';

/** How a camera is to be analysed: the body of a start call with its defaults filled in. */
export interface SessionSpec {
  /** `rtsp://` or `rtsps://`, credentials included: never shown or logged. */
  readonly stream_url: string;
  /** Whether JSON viewers get pictures with boxes drawn in. */
  readonly enable_drawing: boolean;
  /** Frames per second to analyse. */
  readonly fps: number;
  /** Pixels; a wider camera is scaled down to it. */
  readonly max_width: number;
  /** 1 to 100, as in libjpeg. */
  readonly jpeg_quality: number;
  /** 0 to 1: detections below it are left out of events. */
  readonly confidence_threshold: number;
  /** Class names to keep; empty keeps all. */
  readonly classes: readonly string[];
}

/** KV `sessions`: what is wanted of a session, written by the control API. */
export interface SessionEntry {
  readonly session_id: string;
  readonly wanted: 'running' | 'stopped';
  readonly spec: SessionSpec;
  /** What people call it; null or absent: by its id. */
  readonly name?: string | null;
  /** Seconds since the epoch, with decimals. */
  readonly start_time: number;
  readonly stopped_at: number | null;
  /** Of a stop: who publishes its status, which is to be told once; null: nobody yet. */
  readonly stop_told_by?: string | null;
  /** Highest frame index when it was last stopped. */
  readonly frame_count: number;
}

/** KV `session-state`: what is seen of a session. Its entry is the lease of the ingest that owns it. */
export interface SessionState {
  readonly session_id: string;
  readonly status: SessionStatus;
  /** Id of the ingest. */
  readonly owner: string;
  /** Id of that process with the NATS services API; absent in entries of earlier versions. */
  readonly instance?: string;
  /** Highest frame index. */
  readonly frame_count: number;
  /** Frames per second published lately. */
  readonly fps: number;
  /** Frames that no detector will see, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  readonly last_error: string | null;
  /** What `last_error` says (see Reason), and when it was, in seconds since the epoch; absent in earlier versions. */
  readonly last_error_code?: string | null;
  readonly last_error_details?: ReasonDetails | null;
  readonly last_error_at?: number | null;
  /** Of the newest frame, in pixels; 0 before the first. */
  readonly width: number;
  readonly height: number;
}
