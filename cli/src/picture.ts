import { RefusedError } from './errors.js';
import type { FrameResult } from './messages.js';
import type { Server } from './server.js';
import { stream } from './socket.js';

/** A frame with what was found in it. */
export interface Picture {
  readonly result: FrameResult;
  readonly jpeg: Uint8Array;
}

export interface PictureRequest {
  readonly server: Server;
  readonly sessionId: string;
  /** Whether boxes are drawn in. */
  readonly boxes: boolean;
  /** Longest wait for it. */
  readonly timeoutMs: number;
}

/** The first frame that the session's viewers get from now on. @throws RefusedError when there is none in time */
export async function newestPicture(
  { server, sessionId, boxes, timeoutMs }: PictureRequest,
  signal: AbortSignal,
): Promise<Picture> {
  const done = new AbortController();
  const ends = AbortSignal.any([signal, done.signal, AbortSignal.timeout(timeoutMs)]);
  let picture: Picture | undefined;
  let withoutPicture = 0;
  let status = '';
  await stream(
    { server, sessionId, format: boxes ? 'json' : 'msgpack', pictures: true },
    (message) => {
      if (message.type === 'status' || message.type === 'error') status = message.message;
      if (message.type !== 'frame_result' || picture !== undefined) return;
      const jpeg = jpegOf(message);
      if (jpeg === undefined) {
        withoutPicture += 1;
        return;
      }
      picture = { result: message, jpeg };
      done.abort();
    },
    ends,
  );
  signal.throwIfAborted();
  if (picture !== undefined) return picture;
  const why =
    withoutPicture > 0 && boxes
      ? 'its frames come without boxes: was it started with --no-drawing?'
      : status || 'its camera gives none, or no detector is there';
  throw new RefusedError(`no frame of session ${sessionId} within ${timeoutMs / 1_000} s: ${why}`);
}

function jpegOf({ frame, annotated_frame }: FrameResult): Uint8Array | undefined {
  if (frame) return frame;
  return annotated_frame ? Buffer.from(annotated_frame, 'base64') : undefined;
}
