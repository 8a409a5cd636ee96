import { once } from 'node:events';
import type { DetectionEvent } from '@framebus/contract';
import { unpack } from 'msgpackr';
import { WebSocket } from 'ws';

/** A message to a viewer, as docs/api.md has it; fields of the types that a message is not are absent. */
export interface ViewerMessage {
  readonly type: 'stream_info' | 'status' | 'frame_result' | 'alert' | 'error';
  readonly session_id: string;
  readonly timestamp: number;
  readonly status?: string;
  readonly message?: string;
  readonly info?: { readonly width: number; readonly height: number; readonly fps: number };
  readonly frame_index?: number;
  readonly captured_at?: number;
  readonly inference_ms?: number;
  readonly width?: number;
  readonly height?: number;
  readonly detections?: DetectionEvent['detections'];
  readonly annotated_frame?: string | null;
  readonly frame?: Uint8Array | null;
  readonly data?: { readonly class_name: string; readonly confidence: number };
  /** When it came, in ms since the epoch. */
  readonly receivedAt: number;
}

/** A WebSocket client of one session that keeps what it is sent. */
export class Viewer implements AsyncDisposable {
  readonly messages: ViewerMessage[] = [];
  readonly socket: WebSocket;
  /** Code and reason once it is closed. */
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? unpack(data) : JSON.parse(data.toString());
      this.messages.push({ ...message, receivedAt: Date.now() });
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on('error', () => {});
  }

  static async open(url: string, protocol: 'json' | 'msgpack' = 'json'): Promise<Viewer> {
    const socket = new WebSocket(url, protocol);
    const viewer = new Viewer(socket);
    await once(socket, 'open');
    return viewer;
  }

  of(type: ViewerMessage['type']): ViewerMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  get frameIndexes(): number[] {
    return this.of('frame_result').map((message) => message.frame_index ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
  }
}

/** Whether each number is greater than the one before. */
export function grows(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number));
}
