import type { Health, Session } from './answers.js';
import { t } from './language.js';
import { nameOf } from './names.js';
import { lastReasonWords } from './reasons.js';
import { ageWords, dropWords } from './words.js';

/** Cameras wait longer than this only when detectors are too few. */
const longWaitMs = 1_000;
const oldResultMs = 3_000;
/** Of the frames that were published. */
const manyCoalesced = 0.25;
/** Frames before shares mean something. */
const enoughFrames = 100;

/** A session with the frames per second that are wanted of it, null while that is not known. */
export type WatchedSession = Session & { readonly wantedFps: number | null };

/** How frames were counted when the page looked before: advice is on what happens now. */
export type Counts = ReadonlyMap<string, number>;

/**
 * What is wrong, in words that say what to do; nothing when all is well.
 * `health` is null when the control API does not answer, `before` what `countsOf` gave a while ago.
 */
export function adviceOf(
  health: Health | null,
  sessions: readonly WatchedSession[],
  before: Counts = new Map(),
): string[] {
  if (health === null) return [t('advice.away')];
  const detectors = health.detectors ?? [];
  if (health.reasons?.some((reason) => reason.includes('NATS'))) return [t('advice.nats')];
  const queue = health.queue ?? { waiting: 0, oldest_ms: 0 };
  const waits = detectors.length > 0 && queue.waiting > 0 && queue.oldest_ms > longWaitMs;
  return [
    ...(detectors.length === 0 ? [t('advice.noDetector')] : []),
    ...(waits ? [t('advice.queue', { age: ageWords(queue.oldest_ms) })] : []),
    ...(detectors.length === 0 ? [] : slow(sessions, before)),
    ...detectors.flatMap(({ id, age_ms = 0, frames = 0, dropped = {} }) => [
      ...(age_ms > oldResultMs && frames > 0
        ? [t('advice.old', { id, age: ageWords(age_ms) })]
        : []),
      ...failing(id, dropped, before),
    ]),
    ...sessions.flatMap((session) => camera(session, before)),
  ];
}

/** What is compared the next time. */
export function countsOf(health: Health | null, sessions: readonly Session[]): Counts {
  const counts = new Map<string, number>();
  for (const { session_id, frame_count, drops } of sessions) {
    counts.set(`frames ${session_id}`, frame_count);
    for (const [reason, n] of Object.entries(drops ?? {})) counts.set(`${reason} ${session_id}`, n);
  }
  for (const { id, dropped } of health?.detectors ?? []) {
    for (const [reason, n] of Object.entries(dropped ?? {})) counts.set(`${reason} of ${id}`, n);
  }
  return counts;
}

function slow(sessions: readonly WatchedSession[], before: Counts): string[] {
  let [frames, coalesced] = [0, 0];
  for (const { session_id, frame_count, drops } of sessions) {
    frames += since(`frames ${session_id}`, frame_count, before);
    coalesced += since(`coalesced ${session_id}`, drops?.['coalesced'] ?? 0, before);
  }
  if (frames < enoughFrames || coalesced / frames < manyCoalesced) return [];
  return [t('advice.slow', { percent: Math.round((100 * coalesced) / frames) })];
}

/** Frames that a detector gave up for a reason of its own. */
function failing(id: string, dropped: Readonly<Record<string, number>>, before: Counts): string[] {
  const drops: Record<string, number> = {};
  for (const reason of ['failed', 'undecodable', 'malformed']) {
    const n = since(`${reason} of ${id}`, dropped[reason] ?? 0, before);
    if (n > 0) drops[reason] = n;
  }
  const words = dropWords(drops);
  return words === '' ? [] : [t('advice.failing', { id, drops: words })];
}

function camera(session: WatchedSession, before: Counts): string[] {
  const { session_id, status, fps, wantedFps, drops, frame_count } = session;
  const id = nameOf(session);
  if (status === 'error' || status === 'reconnecting') {
    return [t('advice.camera', { id, error: lastReasonWords(session) ?? '–' })];
  }
  const tooLarge = since(`too_large ${session_id}`, drops?.['too_large'] ?? 0, before);
  const behind =
    status === 'running' &&
    frame_count > enoughFrames &&
    typeof fps === 'number' &&
    wantedFps !== null &&
    fps < wantedFps / 2;
  return [
    ...(tooLarge > 0 ? [t('advice.large', { id })] : []),
    ...(behind ? [t('advice.cameraSlow', { id, fps: fps.toFixed(1), wanted: wantedFps })] : []),
  ];
}

/** A count that is smaller than before began anew; one that was not known before says nothing yet. */
function since(name: string, now: number, before: Counts): number {
  const then = before.get(name) ?? now;
  return now >= then ? now - then : now;
}
