export type Period = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year';

/** Nominal seconds of a window. */
export const periodSeconds: Readonly<Record<Period, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 2_592_000,
  year: 31_536_000,
};

/** Beginning of the window, aligned to the clock (UTC), that a time is in; both in ms since the epoch. */
export function windowStart(period: Period, at: number): number {
  const date = new Date(at);
  if (period === 'year') return Date.UTC(date.getUTCFullYear(), 0);
  if (period === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const lengthMs = periodSeconds[period] * 1000;
  return Math.floor(at / lengthMs) * lengthMs;
}

/**
 * Counts by name in the current window of one period.
 * At most `maxNames` are kept: the one counted first is forgotten for a new one.
 */
export class WindowCounter {
  readonly #period: Period;
  readonly #maxNames: number;
  #start = 0;
  #counts = new Map<string, number>();

  constructor(period: Period, maxNames = 65_536) {
    this.#period = period;
    this.#maxNames = maxNames;
  }

  count(name: string, at: number): number {
    this.#turn(at);
    return this.#counts.get(name) ?? 0;
  }

  add(name: string, at: number): void {
    this.#turn(at);
    const count = this.#counts.get(name) ?? 0;
    if (count === 0 && this.#counts.size >= this.#maxNames) {
      for (const first of this.#counts.keys()) {
        this.#counts.delete(first);
        break;
      }
    }
    this.#counts.set(name, count + 1);
  }

  #turn(at: number): void {
    const start = windowStart(this.#period, at);
    if (start === this.#start) return;
    this.#start = start;
    this.#counts = new Map();
  }
}
