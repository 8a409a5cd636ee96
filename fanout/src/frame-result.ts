import type { DetectionEvent } from '@framebus/contract';
import type { Counters } from './counters.js';
import { encode, type Format, type View } from './message.js';

/** An event and its picture, encoded and framed at most once for each kind of viewer. */
export class FrameResult {
  readonly event: DetectionEvent;
  /** The frame as it was published. */
  readonly jpeg: Uint8Array | null;
  /** The frame with boxes drawn in, once it is. */
  drawn: Uint8Array | null = null;
  /** The frame as a JPEG of other widths, where it was made so, without boxes. */
  readonly scaled = new Map<number, Uint8Array>();
  readonly #counters: Pick<Counters, 'encoded'>;
  readonly #encoded = new Map<string, Buffer>();

  constructor(event: DetectionEvent, jpeg: Uint8Array | null, counters: Pick<Counters, 'encoded'>) {
    this.event = event;
    this.jpeg = jpeg;
    this.#counters = counters;
  }

  /** See dataFrame. */
  frame({ format, pictures, width }: View): Buffer {
    const scaled = width === null ? undefined : this.scaled.get(width);
    const picture = pictures ? (format === 'json' ? this.drawn : (scaled ?? this.jpeg)) : null;
    const size = picture === null ? 'no' : picture === scaled ? width : 'whole';
    const kind = `${format} with ${size} picture`;
    const known = this.#encoded.get(kind);
    if (known) return known;
    this.#counters.encoded += 1;
    const frame = encode(frameResultBody(this.event, format, picture), format);
    this.#encoded.set(kind, frame);
    return frame;
  }
}

/** `frame_result` as viewers know it: a picture is base64 in JSON, bytes in MessagePack. */
function frameResultBody(event: DetectionEvent, format: Format, picture: Uint8Array | null) {
  const { session_id, captured_at, frame_index, detections, width, height } = event;
  const body = {
    type: 'frame_result',
    session_id,
    timestamp: captured_at / 1000,
    frame_index,
    detections: detections.map(({ class_id, class_name, bbox, confidence }) => ({
      ...{ class_id, class_name, bbox, confidence },
    })),
  };
  const { inference_ms, detector } = event;
  const more = { width, height, captured_at, inference_ms, detector };
  if (format === 'msgpack') return { ...body, frame: picture, ...more };
  const annotated_frame = picture && Buffer.from(picture).toString('base64');
  return { ...body, annotated_frame, ...more };
}
