/** Where history is read from, as `since=` says it. */
export type Since =
  /** ms since the epoch: what was published from then on. */
  | { readonly sinceMs: number }
  /** The cursor of an answer: what is stored behind that message. */
  | { readonly afterSeq: number }
  /** What has a higher frame index. */
  | { readonly afterIndex: number };

/** What `since=` takes, in words. */
export const sinceExpected =
  'seconds since the epoch such as 1753000000.5, an ISO 8601 time such as 2026-01-31T12:00:00Z, index:N for what follows frame index N, or the cursor of an answer';

/** Undefined when the text is none of these. */
export function parseSince(text: string): Since | undefined {
  const counted = /^(seq|index):(\d{1,15})$/.exec(text);
  if (counted) {
    const count = Number(counted[2]);
    return counted[1] === 'seq' ? { afterSeq: count } : { afterIndex: count };
  }
  if (/^\d{1,11}(?:\.\d{1,9})?$/.test(text)) return { sinceMs: Number(text) * 1_000 };
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return;
  const sinceMs = Date.parse(text);
  return Number.isNaN(sinceMs) ? undefined : { sinceMs };
}
