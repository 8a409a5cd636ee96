import { sessionIdPattern, sessionStatuses } from '@framebus/contract';

/*
 * JSON Schemas of calls about cameras and sessions. The `description` of an input says what is right, as errors and /docs show it.
 */

export const sessionId = {
  type: 'string',
  pattern: sessionIdPattern,
  description: '1 to 64 of A-Z a-z 0-9 _ -',
};

const classNames = 'at most 100 class names; none: all classes';

const reasonDetails = {
  additionalProperties: { type: ['string', 'number'] },
  description: 'numbers and names that its words are about, for words in other languages',
} as const;

export const startBody = {
  type: 'object',
  description: 'a JSON object',
  required: ['stream_url'],
  properties: {
    stream_url: {
      type: 'string',
      maxLength: 2_048,
      description: 'an rtsp:// or rtsps:// URL, as text of at most 2048 characters',
    },
    session_id: sessionId,
    enable_drawing: { type: 'boolean', default: true, description: 'true or false' },
    fps: {
      type: 'number',
      minimum: 0.1,
      maximum: 60,
      default: 10,
      description: 'frames per second, a number from 0.1 to 60',
    },
    max_width: {
      type: 'integer',
      minimum: 16,
      maximum: 3_840,
      default: 800,
      description: 'pixels, a whole number from 16 to 3840',
    },
    jpeg_quality: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 70,
      description: 'a whole number from 1 to 100',
    },
    confidence_threshold: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'a number from 0 to 1',
    },
    classes: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string', minLength: 1, maxLength: 100, description: classNames },
      default: [],
      description: classNames,
    },
  },
} as const;

export const probeBody = {
  type: 'object',
  description: 'a JSON object',
  required: ['stream_url'],
  properties: { stream_url: startBody.properties.stream_url },
} as const;

export const probeAnswer = {
  type: 'object',
  required: ['ok'],
  properties: {
    ok: { type: 'boolean' },
    codec: { type: ['string', 'null'], description: 'such as h264; null: not told' },
    width: { type: 'integer', description: 'pixels, at most 3840' },
    height: { type: 'integer' },
    took_ms: { type: 'integer', description: 'from the call to the first picture' },
    picture: { type: ['string', 'null'], description: 'JPEG in base64, of at most 512 KiB' },
    code: { type: 'string', description: 'why there is no picture, such as CAMERA_REFUSED' },
    reason: { type: 'string', description: 'the same for people' },
    details: { type: 'object', ...reasonDetails },
  },
} as const;

export const stopBody = {
  type: 'object',
  description: 'a JSON object',
  required: ['session_id'],
  properties: { session_id: sessionId },
} as const;

export const sessionParams = {
  type: 'object',
  required: ['session_id'],
  properties: { session_id: sessionId },
} as const;

const nameWords = 'a name of 1 to 80 characters; null: none';

export const renameBody = {
  type: 'object',
  description: 'a JSON object',
  required: ['name'],
  properties: {
    name: {
      ...{ type: 'string', nullable: true, maxLength: 80, pattern: '\\S' },
      description: nameWords,
    },
  },
} as const;

export const changeAnswer = {
  type: 'object',
  properties: {
    session_id: { type: 'string' },
    status: { type: 'string', enum: sessionStatuses },
    message: { type: 'string' },
  },
} as const;

export const sessionAnswer = {
  type: 'object',
  properties: {
    session_id: { type: 'string' },
    name: { type: ['string', 'null'], description: 'for people; null: it has none' },
    status: { type: 'string', enum: sessionStatuses },
    frame_count: { type: 'integer', description: 'highest frame index' },
    stream_url: { type: 'string', description: 'without credentials' },
    start_time: { type: 'number', description: 'seconds since the epoch' },
    fps: { type: 'number', description: 'frames per second published lately' },
    dropped: { type: 'integer', description: 'sum of drops' },
    drops: { type: 'object', additionalProperties: { type: 'integer' } },
    last_error: { type: ['string', 'null'], description: 'for people' },
    last_error_code: { type: ['string', 'null'], description: 'such as CAMERA_REFUSED' },
    last_error_details: { type: ['object', 'null'], ...reasonDetails },
    last_error_at: { type: ['number', 'null'], description: 'seconds since the epoch' },
    owner: { type: ['string', 'null'], description: 'id of the ingest that runs it' },
  },
} as const;
