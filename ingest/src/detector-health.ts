import type { ServiceStats } from 'nats';

/** A detector as it tells of itself. Times are means over its last frames, in ms. */
export interface DetectorHealth {
  readonly id: string;
  readonly model: string;
  /** Execution provider, such as `cuda` or `cpu`. */
  readonly provider: string;
  /** Since it started. */
  readonly frames?: number;
  /** Frames per second since it was last asked; null at first. */
  readonly fps?: number | null;
  readonly inference_ms?: number;
  readonly prepare_ms?: number;
  /** From capture to published event. */
  readonly age_ms?: number;
  readonly threads?: number;
  readonly mean_batch?: number;
  /** Tickets that gave no event since it started, by reason. */
  readonly dropped?: Readonly<Record<string, number>>;
}

const numbers = [
  'frames',
  'inference_ms',
  'prepare_ms',
  'age_ms',
  'threads',
  'mean_batch',
] as const;
const mostDetectors = 1_000;

/** Reads what detectors tell, and how fast they are from one time to the next. */
export class DetectorReports {
  #before = new Map<string, { readonly frames: number; readonly at: number }>();

  read(all: readonly ServiceStats[]): DetectorHealth[] {
    const now = performance.now();
    const seen = new Map<string, { readonly frames: number; readonly at: number }>();
    const found = all.slice(0, mostDetectors).map((stats) => {
      const health = readStats(stats);
      const { id, frames } = health;
      if (frames === undefined) return health;
      const before = this.#before.get(id);
      seen.set(id, { frames, at: now });
      const fps =
        before && frames >= before.frames
          ? perSecond(frames - before.frames, now - before.at)
          : null;
      return { ...health, fps };
    });
    this.#before = seen;
    return found.sort((a, b) => a.id.localeCompare(b.id));
  }
}

function readStats(stats: ServiceStats): DetectorHealth {
  const data = (stats.endpoints?.[0]?.data ?? {}) as Readonly<Record<string, unknown>>;
  const told = numbers.flatMap((name) => {
    const value = data[name];
    return typeof value === 'number' ? [[name, Math.round(value * 10) / 10] as const] : [];
  });
  const { dropped } = data;
  return {
    id: String(data['id'] ?? stats.id),
    model: String(data['model'] ?? ''),
    provider: String(data['provider'] ?? ''),
    ...Object.fromEntries(told),
    ...(typeof dropped === 'object' && dropped !== null
      ? { dropped: dropped as Record<string, number> }
      : {}),
  };
}

function perSecond(count: number, ms: number): number {
  return Math.round((count / Math.max(ms, 1)) * 10_000) / 10;
}
