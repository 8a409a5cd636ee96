import type { Detection, SessionStatus } from '@framebus/contract';
import type { Health } from './answers.js';
import { ApiError } from './api-error.js';
import { t, tCount, tKnown } from './language.js';
import { reasonWords } from './reasons.js';

export function statusWords(status: SessionStatus): string {
  return tKnown(`status.${status}`, {}, status);
}

/** `48 ms`, `12 s`, `4 min`; a camera's clock ahead of this one's is told. */
export function ageWords(ageMs: number): string {
  if (ageMs < -250) return t('age.clocks');
  if (ageMs < 10_000) return t('age.ms', { n: Math.max(Math.round(ageMs), 0) });
  if (ageMs < 120_000) return t('age.s', { n: Math.round(ageMs / 1000) });
  return t('age.min', { n: Math.round(ageMs / 60_000) });
}

/** How far in time boxes are from the video's frame under them; null while that is not known. */
export function offWords(offMs: number | null): string {
  if (offMs === null) return t('live.offUnknown');
  return t('live.off', { n: Math.max(Math.round(offMs / 10) * 10, 10) });
}

/** `2 person, 1 car`, the most first. */
export function seenWords(detections: readonly Pick<Detection, 'class_name'>[]): string {
  if (detections.length === 0) return t('nothingSeen');
  const counts = new Map<string, number>();
  for (const { class_name } of detections) {
    counts.set(class_name, (counts.get(class_name) ?? 0) + 1);
  }
  const mostFirst = [...counts].sort(([, a], [, b]) => b - a);
  return mostFirst.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** `4 coalesced, 2 lost` in words. */
export function dropWords(drops: Readonly<Record<string, number>>): string {
  return Object.entries(drops)
    .filter(([, count]) => count > 0)
    .map(([reason, n]) => tKnown(`drop.${reason}`, { n }, `${n} ${reason}`))
    .join(', ');
}

export function healthWords({ detectors, model_loaded, gpu_available }: Health): string {
  const count = detectors?.length ?? (model_loaded ? 1 : 0);
  if (count === 0) return t('health.none');
  const words = tCount('health.detectors', count);
  return t('health.on', { detectors: words, where: gpu_available ? 'GPU' : 'CPU' });
}

/** What an error means for the person in front of the page. */
export function errorWords(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  return reasonWords(error, statusErrorWords(error));
}

function statusErrorWords({ status, message, retryAfterMs }: ApiError): string {
  switch (status) {
    case 0:
      return t('link.away');
    case 401:
      return t('key.unknown');
    case 403:
      return t('key.forbidden');
    case 429:
      return t('link.limited', { s: Math.max(Math.ceil(retryAfterMs / 1000), 1) });
    default:
      return status >= 500 ? t('link.notReady', { status }) : message;
  }
}
