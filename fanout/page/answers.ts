import type { ReasonDetails, SessionStatus } from '@framebus/contract';
import type { FrameResult } from './messages.js';

/** A session as the control API shows it. */
export interface Session {
  readonly session_id: string;
  /** For people; null: it has none. */
  readonly name?: string | null;
  readonly status: SessionStatus;
  readonly frame_count: number;
  /** Without credentials. */
  readonly stream_url: string;
  /** Seconds since the epoch. */
  readonly start_time?: number | null;
  readonly fps?: number | null;
  readonly drops?: Readonly<Record<string, number>> | null;
  readonly last_error?: string | null;
  readonly last_error_code?: string | null;
  readonly last_error_details?: ReasonDetails | null;
  /** Seconds since the epoch. */
  readonly last_error_at?: number | null;
  readonly owner?: string | null;
}

export interface StartRequest {
  readonly stream_url: string;
  readonly session_id?: string;
  readonly fps?: number;
  /** Pixels. */
  readonly max_width?: number;
  /** 0 to 1. */
  readonly confidence_threshold?: number;
  readonly classes?: readonly string[];
}

export interface History {
  readonly detections: readonly Omit<FrameResult, 'frame' | 'type'>[];
  /** `since` of the call that goes on from here. */
  readonly cursor: string;
}

/** What a camera gave when it was tried, or why it gave nothing. */
export type ProbeAnswer =
  | {
      readonly ok: true;
      readonly codec: string | null;
      /** Pixels. */
      readonly width: number;
      readonly height: number;
      readonly took_ms: number;
      /** JPEG in base64. */
      readonly picture: string | null;
    }
  | {
      readonly ok: false;
      readonly code: string;
      readonly reason: string;
      readonly details?: ReasonDetails;
    };

export interface DetectorHealth {
  readonly id: string;
  readonly model?: string;
  readonly provider?: string;
  readonly frames?: number;
  readonly fps?: number | null;
  readonly inference_ms?: number;
  readonly prepare_ms?: number;
  readonly age_ms?: number;
  readonly threads?: number;
  readonly dropped?: Readonly<Record<string, number>>;
}

export interface Health {
  readonly status: string;
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors?: readonly DetectorHealth[];
  readonly queue?: { readonly waiting: number; readonly oldest_ms: number } | null;
  readonly reasons?: readonly string[];
}

export interface StoredAlert {
  readonly session_id: string;
  readonly frame_index: number;
  /** ms since the epoch. */
  readonly captured_at: number;
  readonly class_id: number;
  readonly class_name: string;
  readonly confidence: number;
}

export interface TimelineBucket {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly frames: number;
  readonly classes: Readonly<
    Record<string, { readonly class_id: number; readonly mean: number; readonly most: number }>
  >;
}

/** Counts of a session's objects over time; times in seconds since the epoch. */
export interface Timeline {
  readonly since: number;
  readonly until: number;
  readonly bucket_seconds: number;
  readonly sampled: boolean;
  readonly buckets: readonly TimelineBucket[];
  readonly alerts: readonly StoredAlert[];
}
