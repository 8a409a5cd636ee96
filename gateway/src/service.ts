import type { Logger } from '@framebus/contract/service';
import { Balancer } from './balancer.js';
import { checksAnything } from './checks.js';
import type { ServiceEntity, UpstreamEntity } from './schema.js';
import { Target } from './target.js';
import { TargetHealth } from './target-health.js';

/** Where requests of a service go. */
export interface Service {
  readonly name: string;
  /** Of the file's address: a host, or the name of an upstream. */
  readonly host: string;
  readonly port: number;
  /** "/" with none. */
  readonly path: string;
  readonly balancer: Balancer;
  readonly connectTimeoutMs: number;
  /** Longest silence of the upstream. */
  readonly readTimeoutMs: number;
  /** Longest time in which the upstream takes nothing of what is sent. */
  readonly writeTimeoutMs: number;
}

/** @param balancers by the names of their upstreams; a host that is none of them is the one target */
export function serviceOf(
  entity: ServiceEntity,
  balancers: ReadonlyMap<string, Balancer>,
): Service {
  const url = new URL(entity.url);
  const host = unbracketed(url.hostname);
  const port = url.port === '' ? 80 : Number(url.port);
  return {
    name: entity.name,
    host,
    port,
    path: url.pathname,
    balancer: balancers.get(host) ?? new Balancer(entity.name, [new Target(host, port, 1)]),
    connectTimeoutMs: entity.connect_timeout,
    readTimeoutMs: entity.read_timeout,
    writeTimeoutMs: entity.write_timeout,
  };
}

/** Changes of health are logged. */
export function balancerOf({ name, targets, healthchecks }: UpstreamEntity, log: Logger): Balancer {
  const healthOf = (target: string) =>
    new TargetHealth(healthchecks, (healthy) =>
      log[healthy ? 'info' : 'warn']({ upstream: name, target, healthy }, 'target'),
    );
  return new Balancer(
    name,
    targets.map(({ target, weight }) => {
      const [, host = '', port] = /^(.*):(\d+)$/.exec(target) ?? [];
      const health = checksAnything(healthchecks) ? healthOf(target) : undefined;
      return new Target(unbracketed(host), Number(port), weight, health);
    }),
  );
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
