import { sessionId } from './session-schemas.js';

/* JSON Schemas of calls about what was found. */

export const historyQuery = {
  type: 'object',
  properties: {
    since: {
      type: 'string',
      description:
        'seconds since the epoch, an ISO 8601 time with its zone, index:N for what follows frame index N, or the cursor of an answer',
    },
    limit: {
      type: 'string',
      pattern: '^(?:[1-9]\\d{0,2}|1000)$',
      default: '100',
      description: 'a whole number from 1 to 1000',
    },
  },
} as const;

export const timelineQuery = {
  type: 'object',
  properties: {
    since: {
      type: 'string',
      description:
        'seconds since the epoch or an ISO 8601 time with its zone; none: 15 minutes ago',
    },
    buckets: {
      type: 'string',
      pattern: '^(?:[1-9]\\d?|1\\d\\d|2[0-3]\\d|240)$',
      default: '90',
      description: 'a whole number from 1 to 240',
    },
  },
} as const;

export const alertsQuery = {
  type: 'object',
  properties: {
    session_id: sessionId,
    since: {
      type: 'string',
      description: 'seconds since the epoch or an ISO 8601 time with its zone; none: 24 hours ago',
    },
    limit: historyQuery.properties.limit,
  },
} as const;

const alertEvent = {
  type: 'object',
  properties: {
    session_id: { type: 'string' },
    frame_index: { type: 'integer' },
    captured_at: { type: 'number', description: 'ms since the epoch' },
    class_id: { type: 'integer' },
    class_name: { type: 'string' },
    confidence: { type: 'number' },
    bbox: { type: 'array', items: { type: 'number' } },
  },
} as const;

export const alertsAnswer = {
  type: 'object',
  properties: { alerts: { type: 'array', items: alertEvent } },
} as const;

export const timelineAnswer = {
  type: 'object',
  properties: {
    session_id: { type: 'string' },
    since: { type: 'number', description: 'seconds since the epoch' },
    until: { type: 'number' },
    bucket_seconds: { type: 'number' },
    sampled: { type: 'boolean', description: 'whether only some frames were counted' },
    buckets: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          time: { type: 'number', description: 'when it begins, in seconds since the epoch' },
          frames: { type: 'integer', description: 'that were counted' },
          classes: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              properties: {
                class_id: { type: 'integer' },
                mean: { type: 'number', description: 'objects in a frame, on average' },
                most: { type: 'integer', description: 'objects in any one frame' },
              },
            },
          },
        },
      },
    },
    alerts: { type: 'array', items: alertEvent, description: 'newest 200, newest first' },
  },
} as const;

export const historyAnswer = {
  type: 'object',
  properties: {
    session_id: { type: 'string' },
    detections: { type: 'array', items: { type: 'object', additionalProperties: true } },
    cursor: { type: 'string', description: 'since of the call that goes on from here' },
  },
} as const;
