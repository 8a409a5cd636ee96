import { HttpMetrics, type Metrics } from '@framebus/contract/service';
import type { Exchange } from './exchange.js';
import type { Match } from './router.js';

/** How much passes: under the names of Kong's status page, and as metrics. */
export class Traffic {
  readonly #http: HttpMetrics;
  #total = 0;
  #active = 0;

  constructor(metrics: Metrics) {
    this.#http = new HttpMetrics(metrics);
  }

  /** Counts the exchange until it is over. @param match its route; undefined when there is none */
  count({ response, method, startedAt }: Exchange, match: Match | undefined): void {
    this.#total++;
    this.#active++;
    this.#http.begin();
    response.once('close', () => {
      this.#active--;
      const durationMs = performance.now() - startedAt;
      const { statusCode: status } = response;
      if (status === 101) return this.#http.leave();
      this.#http.end({ method, route: match?.route.entity.name, status, durationMs });
    });
  }

  toJSON() {
    return { total_requests: this.#total, connections_active: this.#active };
  }
}
