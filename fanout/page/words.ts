import type { Detection, SessionStatus } from '@framebus/contract';
import type { ApiError, Health } from './api.js';

const statuses: Readonly<Record<SessionStatus, string>> = {
  pending: 'Starting',
  running: 'Live',
  reconnecting: 'Camera lost, trying again',
  stopped: 'Stopped',
  error: 'Error',
};

export function statusWords(status: SessionStatus): string {
  return statuses[status] ?? status;
}

/** `48 ms`, `12.3 s`, `4 min`; a camera's clock ahead of this one's is told. */
export function ageWords(ageMs: number): string {
  if (ageMs < -250) return 'clocks differ';
  if (ageMs < 10_000) return `${Math.max(Math.round(ageMs), 0)} ms`;
  if (ageMs < 120_000) return `${Math.round(ageMs / 1000)} s`;
  return `${Math.round(ageMs / 60_000)} min`;
}

/** How far in time boxes are from the video's frame under them; null while that is not known. */
export function offWords(offMs: number | null): string {
  if (offMs === null) return 'Boxes may be up to a second off the video';
  return `Boxes are about ${Math.max(Math.round(offMs / 10) * 10, 10)} ms off the video`;
}

export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 person, 1 car`, the most first. */
export function seenWords(detections: readonly Detection[]): string {
  if (detections.length === 0) return 'nothing detected';
  const counts = new Map<string, number>();
  for (const { class_name } of detections) {
    counts.set(class_name, (counts.get(class_name) ?? 0) + 1);
  }
  const mostFirst = [...counts].sort(([, a], [, b]) => b - a);
  return mostFirst.map(([name, count]) => `${count} ${name}`).join(', ');
}

export function healthWords({ status, detectors, model_loaded, gpu_available }: Health): string {
  const count = detectors?.length ?? (model_loaded ? 1 : 0);
  if (count === 0) return 'No detector: pictures without boxes';
  return `${countWords(count, 'detector')} on ${gpu_available ? 'GPU' : 'CPU'}, ${status}`;
}

/** What an error means for the person in front of the page. */
export function errorWords({ status, message, retryAfterMs }: ApiError): string {
  switch (status) {
    case 0:
      return 'framebus does not answer. Trying again.';
    case 401:
      return 'This key is not known here. Please enter the API key.';
    case 403:
      return 'This key does not open the video API. Please enter another.';
    case 429:
      return `Too many calls. Next one in ${Math.max(Math.ceil(retryAfterMs / 1000), 1)} s.`;
    default:
      return status >= 500 ? `framebus is not ready (${status}: ${message}).` : message;
  }
}
