import type { ReasonDetails } from './reason.js';

/** xyxy: left, top, right, bottom, in pixels of the published frame. */
export type Bbox = readonly [x1: number, y1: number, x2: number, y2: number];

/** One object in a frame. */
export interface Detection {
  readonly class_id: number;
  readonly class_name: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Clipped to the frame. */
  readonly bbox: Bbox;
}

/** JSON on `detections.<session>`: what one detector found in one frame. */
export interface DetectionEvent {
  readonly session_id: string;
  readonly frame_index: number;
  /** ms since the epoch, with decimals. */
  readonly captured_at: number;
  /** Of the frame, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
  /**
   * Those below the session's threshold, for trackers that match them in a second pass; only where a detector has
   * DETECTOR_LOW_SCORE_MIN. Viewers get none of them, and no alert is made of them.
   */
  readonly low_score_detections?: readonly Detection[];
  /** Of the model's run that the frame was part of, alone or in a batch. */
  readonly inference_ms: number;
  /** Id of the detector. */
  readonly detector: string;
  /** The ticket that the frame was taken for, and the session's ticket before it (see Ticket). */
  readonly ticket_index: number;
  readonly previous_ticket_index: number;
  /** How many tickets the shared consumer had delivered, this one included, over all sessions. */
  readonly delivery_seq: number;
  /** Creation time of that consumer, in ms since the epoch: `delivery_seq` starts again with it. */
  readonly delivery_epoch: number;
}

/** The `Nats-Msg-Id` of a detection event: a second one for the same frame is dropped by the server. */
export function detectionMessageId(event: { session_id: string; frame_index: number }): string {
  return `${event.session_id}:${event.frame_index}`;
}

/** JSON on `alerts.<session>`. */
export interface AlertEvent {
  readonly session_id: string;
  readonly frame_index: number;
  /** ms since the epoch, with decimals. */
  readonly captured_at: number;
  readonly class_id: number;
  readonly class_name: string;
  readonly confidence: number;
  readonly bbox: Bbox;
}

export const sessionStatuses = ['pending', 'running', 'reconnecting', 'stopped', 'error'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** JSON on `status.<session>`. `timestamp` is in seconds since the epoch, with decimals. */
export type StatusEvent =
  | {
      readonly type: 'stream_info';
      readonly session_id: string;
      readonly timestamp: number;
      /** Size in pixels and frames per second of the published frames. */
      readonly info: { readonly width: number; readonly height: number; readonly fps: number };
    }
  | {
      readonly type: 'status';
      readonly session_id: string;
      readonly timestamp: number;
      readonly status: SessionStatus;
      readonly message: string;
      /** What the message says (see Reason), where the status alone does not. */
      readonly code?: string;
      readonly details?: ReasonDetails;
      /** Seconds until the camera is tried again. */
      readonly retry_s?: number;
    }
  | {
      readonly type: 'error';
      readonly session_id: string;
      readonly timestamp: number;
      readonly message: string;
      /** What the message says (see Reason). */
      readonly code?: string;
      readonly details?: ReasonDetails;
    };
