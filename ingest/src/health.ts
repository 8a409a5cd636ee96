import type { Bus } from '@framebus/contract/service';
import { RequestStrategy, type ServiceStats } from 'nats';
import type { NatsLink } from './nats-link.js';

export interface DetectorHealth {
  readonly id: string;
  readonly model: string;
  /** Execution provider, such as `cuda` or `cpu`. */
  readonly provider: string;
}

export interface HealthReport {
  readonly status: 'healthy' | 'degraded';
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors: readonly DetectorHealth[];
  /** Why it is degraded. */
  readonly reasons: readonly string[];
}

const answerMs = 250;
const quietMs = 80;
const keepMs = 1_000;

/** Asks the detectors how they are, at most once a second. */
export class Health {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  #detectors: Promise<DetectorHealth[]> = Promise.resolve([]);
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(bus: Bus, link: NatsLink) {
    this.#bus = bus;
    this.#link = link;
  }

  async report(): Promise<HealthReport> {
    if (performance.now() - this.#askedAt > keepMs) {
      this.#askedAt = performance.now();
      this.#detectors = this.#link.up ? this.#ask().catch(() => []) : Promise.resolve([]);
    }
    const detectors = await this.#detectors;
    const reasons = [
      ...(this.#link.up ? [] : ['NATS cannot be reached']),
      ...(detectors.length > 0 ? [] : ['no detector answers']),
    ];
    return {
      status: reasons.length === 0 ? 'healthy' : 'degraded',
      model_loaded: detectors.some(({ model }) => model !== ''),
      gpu_available: detectors.some(({ provider }) => provider !== 'cpu' && provider !== ''),
      uptime_seconds: Math.round(process.uptime() * 10) / 10,
      detectors,
      reasons,
    };
  }

  async #ask(): Promise<DetectorHealth[]> {
    const client = this.#bus.connection.services.client({
      strategy: RequestStrategy.JitterTimer,
      maxWait: answerMs,
      jitter: quietMs,
    });
    const found: DetectorHealth[] = [];
    for await (const stats of await client.stats('detector')) found.push(readStats(stats));
    return found.sort((a, b) => a.id.localeCompare(b.id));
  }
}

function readStats(stats: ServiceStats): DetectorHealth {
  const data = (stats.endpoints?.[0]?.data ?? {}) as Partial<Record<keyof DetectorHealth, unknown>>;
  return {
    id: String(data.id ?? stats.id),
    model: String(data.model ?? ''),
    provider: String(data.provider ?? ''),
  };
}
