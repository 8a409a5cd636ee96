import { DeliverPolicy } from 'nats';
import { BadRequestError } from './errors.js';
import type { Start } from './stored-messages.js';

const expectedTime =
  'seconds since the epoch such as 1753000000.5, or an ISO 8601 time such as 2026-01-31T12:00:00Z';
const expected = `${expectedTime}, or the cursor of an answer`;

/** Where a `since` begins; undefined: the oldest. @throws BadRequestError */
export function parseSince(since: string | undefined): Start {
  if (since === undefined) return { deliver_policy: DeliverPolicy.All };
  const cursor = /^seq:(\d{1,15})$/.exec(since);
  if (cursor) {
    const opt_start_seq = Number(cursor[1]) + 1;
    return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq };
  }
  const time = parseTime(since);
  if (time === undefined) throw new BadRequestError('since', expected);
  return startAt(time.getTime());
}

/** A `since` that is a time, in ms since the epoch. @throws BadRequestError */
export function parseSinceTime(since: string): number {
  const time = parseTime(since);
  if (time === undefined) throw new BadRequestError('since', expectedTime);
  return time.getTime();
}

/** @param ms since the epoch */
export function startAt(ms: number): Start {
  const opt_start_time = new Date(ms).toISOString();
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time };
}

function parseTime(text: string): Date | undefined {
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(text)) return new Date(Number(text) * 1_000);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
