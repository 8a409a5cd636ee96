import type { Metrics } from '@framebus/contract/service';
import type { Balancer } from './balancer.js';

/** Adds whether the targets of upstreams are healthy, where that is looked at. */
export function targetMetrics(metrics: Metrics, balancers: ReadonlyMap<string, Balancer>): void {
  metrics.gauge(
    'framebus_target_healthy',
    '1 while requests go to the target, 0 while its health checks fail.',
    ['upstream', 'target'],
    () =>
      [...balancers].flatMap(([upstream, { targets }]) =>
        targets.flatMap(({ host, port, health }) => {
          if (health === undefined) return [];
          return [[{ upstream, target: `${host}:${port}` }, health.healthy ? 1 : 0] as const];
        }),
      ),
  );
}
