import { parseSince, type Since, sinceExpected } from '@framebus/contract';
import { BadRequestError } from './errors.js';

/** @throws BadRequestError */
export function readSince(text: string | undefined): Since | undefined {
  if (text === undefined) return undefined;
  const since = parseSince(text);
  if (since === undefined) throw new BadRequestError('since', sinceExpected);
  return since;
}

/** A `since` that is a time, in ms since the epoch. @throws BadRequestError */
export function parseSinceTime(text: string): number {
  const since = parseSince(text);
  if (since !== undefined && 'sinceMs' in since) return since.sinceMs;
  throw new BadRequestError('since', 'seconds since the epoch, or an ISO 8601 time with its zone');
}
