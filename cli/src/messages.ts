import type { Bbox, Detection, SessionStatus } from '@framebus/contract';

/** What one frame showed. */
export interface FrameResult {
  readonly type: 'frame_result';
  readonly session_id: string;
  readonly frame_index: number;
  /** ms since the epoch. */
  readonly captured_at: number;
  /** Of the frame, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
  readonly inference_ms?: number;
  /** Id of the detector. */
  readonly detector?: string;
  /** With the subprotocol `msgpack`: the JPEG without boxes. */
  readonly frame?: Uint8Array | null;
  /** With `json`: the JPEG with boxes, in base64. */
  readonly annotated_frame?: string | null;
}

export interface AlertMessage {
  readonly type: 'alert';
  readonly session_id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly frame_index?: number;
  readonly data: {
    readonly class_name: string;
    readonly confidence: number;
    readonly bbox: Bbox;
  };
}

/** Messages of `/ws/stream/<session>` (docs/api.md). */
export type StreamMessage =
  | FrameResult
  | AlertMessage
  | {
      readonly type: 'stream_info';
      readonly info: { readonly width: number; readonly height: number; readonly fps: number };
    }
  | { readonly type: 'status'; readonly status: SessionStatus; readonly message: string }
  | { readonly type: 'error'; readonly message: string };
