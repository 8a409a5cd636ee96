import { type ClientRequest, request } from 'node:http';
import type { Target } from './target.js';
import type { TargetHealth } from './target-health.js';
import { UpstreamTimeoutError } from './upstream-failure.js';

/** Asks one target again and again how it is, in the intervals of the file. */
export class HealthProbe implements Disposable {
  readonly #target: Target;
  readonly #health: TargetHealth;
  #timer: NodeJS.Timeout | undefined;
  #probe: ClientRequest | undefined;
  #asking = false;
  #stopped = false;

  constructor(target: Target, health: TargetHealth) {
    this.#target = target;
    this.#health = health;
    // What clients saw may change it: from then on the other interval counts.
    health.onChange(() => {
      if (!this.#asking) this.#schedule();
    });
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#probe?.destroy();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const { healthy, unhealthy } = this.#health.checks.active;
    const intervalS = this.#health.healthy ? healthy.interval : unhealthy.interval;
    // With one of them off, the other goes on watching for the day that it is needed.
    const waitS = intervalS || healthy.interval || unhealthy.interval;
    if (waitS === 0 || this.#stopped) return;
    this.#timer = setTimeout(async () => {
      this.#asking = true;
      if (intervalS > 0) await this.#ask();
      this.#asking = false;
      this.#schedule();
    }, waitS * 1000);
  }

  async #ask(): Promise<void> {
    const { http_path, timeout } = this.#health.checks.active;
    try {
      this.#health.probed(await this.#statusOf(http_path, timeout * 1000));
    } catch (error) {
      if (this.#stopped) return;
      this.#health.unanswered(error instanceof UpstreamTimeoutError ? 'timeouts' : 'tcp_failures');
    }
  }

  #statusOf(path: string, timeoutMs: number): Promise<number> {
    const { host, port, hostHeader } = this.#target;
    return new Promise((resolve, reject) => {
      const headers = { Host: hostHeader, Connection: 'close' };
      const probe = request({ host, port, path, agent: false, headers });
      this.#probe = probe;
      const silent = new UpstreamTimeoutError(`${hostHeader} does not answer`);
      const deadline = setTimeout(() => probe.destroy(silent), timeoutMs);
      probe.on('response', (answer) => {
        resolve(answer.statusCode ?? 0);
        probe.destroy();
      });
      probe.on('error', reject);
      probe.on('close', () => clearTimeout(deadline));
      probe.end();
    });
  }
}
