import type { Bus } from '@framebus/contract/service';
import { RequestStrategy, type ServiceStats } from 'nats';
import { type DetectorHealth, DetectorReports } from './detector-health.js';
import type { NatsLink } from './nats-link.js';

/** Cameras that wait for a detector. */
export interface QueueHealth {
  readonly waiting: number;
  /** How long the first has waited, in ms; 0 when none does. */
  readonly oldest_ms: number;
}

export interface HealthReport {
  readonly status: 'healthy' | 'degraded';
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors: readonly DetectorHealth[];
  /** Null when NATS does not tell. */
  readonly queue: QueueHealth | null;
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
  readonly #reports = new DetectorReports();
  #detectors: Promise<DetectorHealth[]> = Promise.resolve([]);
  #queue: Promise<QueueHealth | null> = Promise.resolve(null);
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(bus: Bus, link: NatsLink) {
    this.#bus = bus;
    this.#link = link;
  }

  async report(): Promise<HealthReport> {
    if (performance.now() - this.#askedAt > keepMs) {
      this.#askedAt = performance.now();
      const { up } = this.#link;
      this.#detectors = up ? this.#ask().catch(() => []) : Promise.resolve([]);
      this.#queue = up ? this.#askQueue().catch(() => null) : Promise.resolve(null);
    }
    const detectors = await this.#detectors;
    const queue = await this.#queue;
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
      queue,
      reasons,
    };
  }

  async #ask(): Promise<DetectorHealth[]> {
    const client = this.#bus.connection.services.client({
      strategy: RequestStrategy.JitterTimer,
      maxWait: answerMs,
      jitter: quietMs,
    });
    const found: ServiceStats[] = [];
    for await (const stats of await client.stats('detector')) found.push(stats);
    return this.#reports.read(found);
  }

  async #askQueue(): Promise<QueueHealth> {
    const manager = await this.#bus.connection.jetstreamManager({
      checkAPI: false,
      timeout: answerMs,
    });
    const { state } = await manager.streams.info('TICKETS');
    const waitedMs = Date.now() - Date.parse(String(state.first_ts));
    const oldest_ms = state.messages === 0 ? 0 : Math.max(Math.round(waitedMs), 0);
    return { waiting: state.messages, oldest_ms };
  }
}
