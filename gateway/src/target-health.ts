import type { Checks } from './checks.js';

type Failure = 'tcp_failures' | 'timeouts' | 'http_failures';
const none = { tcp_failures: 0, timeouts: 0, http_failures: 0 };

type Limits = Readonly<Record<Failure, number>>;

/**
 * Whether a target is healthy, by counts of what was seen of it in a row, as lua-resty-healthcheck
 * counts: each kind of failure by itself, failures until the next success and the other way, and a
 * limit of 0 counts nothing. It is taken for healthy until shown otherwise.
 */
export class TargetHealth {
  readonly checks: Checks;
  readonly #changed: (healthy: boolean) => void;
  #failures: Record<Failure, number> = { ...none };
  #successes = 0;
  #healthy = true;
  #listener: () => void = () => {};

  constructor(checks: Checks, changed: (healthy: boolean) => void) {
    this.checks = checks;
    this.#changed = changed;
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  /** Calls `listener`, the only one, after each change. */
  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  /** A client's request was answered so. */
  answered(status: number): void {
    const { healthy, unhealthy } = this.checks.passive;
    const limits = { ...unhealthy, tcp_failures: 0 };
    if (status === 504) this.#failed('timeouts', limits);
    else this.#judge(status, healthy, limits);
  }

  /** A probe was answered so. */
  probed(status: number): void {
    const { healthy, unhealthy } = this.checks.active;
    this.#judge(status, healthy, unhealthy);
  }

  /** A probe got no answer. */
  unanswered(kind: 'tcp_failures' | 'timeouts'): void {
    this.#failed(kind, this.checks.active.unhealthy);
  }

  #judge(
    status: number,
    healthy: { readonly http_statuses: readonly number[]; readonly successes: number },
    unhealthy: Limits & { readonly http_statuses: readonly number[] },
  ): void {
    if (healthy.http_statuses.includes(status)) this.#succeeded(healthy.successes);
    else if (unhealthy.http_statuses.includes(status)) this.#failed('http_failures', unhealthy);
  }

  #succeeded(limit: number): void {
    if (limit === 0) return;
    this.#failures = { ...none };
    if (this.#healthy || ++this.#successes < limit) return;
    this.#become(true);
  }

  #failed(kind: Failure, limits: Limits): void {
    if (limits[kind] === 0) return;
    this.#successes = 0;
    if (!this.#healthy || ++this.#failures[kind] < limits[kind]) return;
    this.#become(false);
  }

  #become(healthy: boolean): void {
    this.#healthy = healthy;
    this.#successes = 0;
    this.#failures = { ...none };
    this.#changed(healthy);
    this.#listener();
  }
}
