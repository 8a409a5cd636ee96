import { headers, type MsgHdrs } from 'nats';

/** What a frame message says of its JPEG. */
export interface FrameInfo {
  /** Counts from 1 and only grows within a session. */
  readonly frameIndex: number;
  /** When the picture was captured, in ms since the epoch, with decimals. */
  readonly capturedAt: number;
  /** Of the JPEG, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** One JPEG picture of a session. */
export interface Frame extends FrameInfo {
  readonly jpeg: Uint8Array;
}

/** A message that does not keep to the contract. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
  readonly code = 'MALFORMED_MESSAGE';
}

/** Headers of a message on `frames.<session>`. */
export function writeFrameHeaders(frame: FrameInfo): MsgHdrs {
  const hdrs = headers();
  hdrs.set('Frame-Index', String(frame.frameIndex));
  hdrs.set('Captured-At', String(frame.capturedAt));
  hdrs.set('Width', String(frame.width));
  hdrs.set('Height', String(frame.height));
  return hdrs;
}

/** The frame in a message on `frames.<session>`. @throws MalformedMessageError */
export function readFrame(message: {
  readonly headers?: MsgHdrs | undefined;
  readonly data: Uint8Array;
}): Frame {
  return {
    frameIndex: positive(message.headers, 'Frame-Index'),
    capturedAt: positive(message.headers, 'Captured-At'),
    width: positive(message.headers, 'Width'),
    height: positive(message.headers, 'Height'),
    jpeg: message.data,
  };
}

/** A header that holds a number greater than 0. @throws MalformedMessageError */
export function positive(hdrs: MsgHdrs | undefined, name: string): number {
  const value = Number(hdrs?.get(name));
  if (!(value > 0 && value < Number.MAX_SAFE_INTEGER)) {
    throw new MalformedMessageError(`header ${name}: expected a number greater than 0`);
  }
  return value;
}
