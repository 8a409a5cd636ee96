import {
  type AlertEvent,
  type Bbox,
  type Detection,
  type DetectionEvent,
  MalformedMessageError,
  type ReasonDetails,
  type StatusEvent,
  sessionIdOf,
  sessionStatuses,
} from '@framebus/contract';

interface EventMessage {
  readonly subject: string;
  readonly data: Uint8Array;
}
type Fields = Record<string, unknown>;

/** The event in a message on `detections.<session>`, without `low_score_detections`. @throws MalformedMessageError */
export function readDetectionEvent(message: EventMessage): DetectionEvent {
  const { session_id, fields } = readFields(message);
  if (!Array.isArray(fields.detections)) throw wrong('detections', 'a list');
  return {
    session_id,
    frame_index: whole(fields, 'frame_index', 1),
    captured_at: finite(fields, 'captured_at'),
    width: whole(fields, 'width', 1),
    height: whole(fields, 'height', 1),
    detections: fields.detections.map(readDetection),
    inference_ms: finite(fields, 'inference_ms'),
    detector: words(fields, 'detector'),
    ticket_index: whole(fields, 'ticket_index', 0),
    previous_ticket_index: whole(fields, 'previous_ticket_index', 0),
    delivery_seq: finite(fields, 'delivery_seq'),
    delivery_epoch: finite(fields, 'delivery_epoch'),
  };
}

/** The event in a message on `alerts.<session>`. @throws MalformedMessageError */
export function readAlertEvent(message: EventMessage): AlertEvent {
  const { session_id, fields } = readFields(message);
  return {
    session_id,
    frame_index: whole(fields, 'frame_index', 1),
    captured_at: finite(fields, 'captured_at'),
    ...readDetection(fields),
  };
}

/** The event in a message on `status.<session>`. @throws MalformedMessageError */
export function readStatusEvent(message: EventMessage): StatusEvent {
  const { session_id, fields } = readFields(message);
  const timestamp = finite(fields, 'timestamp');
  if (fields.type === 'stream_info') {
    const info = object(fields.info, 'info');
    const [width, height] = [whole(info, 'width', 1), whole(info, 'height', 1)];
    return {
      ...{ type: 'stream_info', session_id, timestamp },
      info: { width, height, fps: finite(info, 'fps') },
    };
  }
  const message_ = words(fields, 'message');
  const why = { message: message_, ...reason(fields) };
  if (fields.type === 'error') return { type: 'error', session_id, timestamp, ...why };
  if (fields.type !== 'status') throw wrong('type', 'stream_info, status or error');
  const status = sessionStatuses.find((word) => word === fields.status);
  if (status === undefined) throw wrong('status', `one of ${sessionStatuses.join(', ')}`);
  const retry = fields.retry_s === undefined ? {} : { retry_s: finite(fields, 'retry_s') };
  return { type: 'status', session_id, timestamp, status, ...why, ...retry };
}

/** Absent in events of earlier versions. */
function reason(fields: Fields): { code?: string; details?: ReasonDetails } {
  if (fields.code === undefined) return {};
  const details = fields.details === undefined ? {} : object(fields.details, 'details');
  const plain = Object.values(details).every((value) =>
    ['string', 'number'].includes(typeof value),
  );
  if (!plain) throw wrong('details', 'texts and numbers');
  return { code: words(fields, 'code'), details: details as ReasonDetails };
}

function readFields({ subject, data }: EventMessage): { session_id: string; fields: Fields } {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
  } catch {
    throw new MalformedMessageError('expected JSON');
  }
  const fields = object(json, 'the event');
  const session_id = sessionIdOf(subject);
  if (fields.session_id !== session_id) throw wrong('session_id', 'as in the subject');
  return { session_id, fields };
}

function readDetection(value: unknown): Detection {
  const fields = object(value, 'a detection');
  const confidence = finite(fields, 'confidence');
  if (confidence < 0 || confidence > 1) throw wrong('confidence', '0 to 1');
  const { bbox } = fields;
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(Number.isFinite)) {
    throw wrong('bbox', 'four numbers');
  }
  const [class_id, class_name] = [whole(fields, 'class_id', 0), words(fields, 'class_name')];
  return { class_id, class_name, confidence, bbox: bbox as unknown as Bbox };
}

function object(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null) throw wrong(name, 'an object');
  return value as Fields;
}

function finite(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(name, 'a number');
  return value;
}

function whole(fields: Fields, name: string, min: number): number {
  const value = finite(fields, name);
  if (!Number.isSafeInteger(value) || value < min) throw wrong(name, `a whole number from ${min}`);
  return value;
}

function words(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw wrong(name, 'text');
  return value;
}

function wrong(name: string, expected: string): MalformedMessageError {
  return new MalformedMessageError(`${name}: expected ${expected}`);
}
