import { InvalidArgumentError } from 'commander';

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `since` as the API takes it; `10m` is the time 10 minutes ago. @param now ms since the epoch */
export function toSince(text: string, now = Date.now()): string {
  const ago = /^(\d{1,9}(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago) return ((now - Number(ago[1]) * (unitMs[ago[2] ?? ''] ?? 0)) / 1_000).toFixed(3);
  if (/^(\d+(\.\d+)?$|\d{4}-\d\d-\d\dT|seq:\d+$)/.test(text)) return text;
  throw new InvalidArgumentError(
    'Expected how long ago, such as 10m (s, m, h, d), a time such as 2026-01-31T12:00:00Z, seconds since the epoch, or the cursor of an answer.',
  );
}
