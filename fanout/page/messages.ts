import type { Bbox, Detection, SessionStatus } from '@framebus/contract';
import type { Told } from './reasons.js';
import './vendor/msgpackr.js';

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
  /** JPEG without boxes; null when the picture was not asked for or is gone. */
  readonly frame: Uint8Array<ArrayBuffer> | null;
}

export interface AlertMessage {
  readonly type: 'alert';
  readonly session_id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly frame_index: number;
  readonly data: {
    readonly class_id?: number;
    readonly class_name: string;
    readonly confidence: number;
    readonly bbox: Bbox;
  };
}

export interface StreamInfo {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

export interface StatusMessage extends Told {
  readonly type: 'status';
  readonly status: SessionStatus;
  /** Seconds until the camera is tried again. */
  readonly retry_s?: number;
}

/** Messages of `/ws/stream/<session>` with the subprotocol `msgpack`. */
export type StreamMessage =
  | FrameResult
  | AlertMessage
  | { readonly type: 'stream_info'; readonly info: StreamInfo }
  | StatusMessage
  | ({ readonly type: 'error' } & Told);

/** Unpacks one WebSocket message. @throws when it is not MessagePack. */
export function readMessage(data: ArrayBuffer): StreamMessage {
  return globalThis.msgpackr.unpack(new Uint8Array(data)) as StreamMessage;
}
