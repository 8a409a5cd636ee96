import { type Metrics, metricsContentType } from '@framebus/contract/service';
import type { Page, Pages } from './page-server.js';
import type { Route } from './router.js';
import type { Service } from './service.js';
import type { Target } from './target.js';
import type { Traffic } from './traffic.js';

/** A part of Kong's admin API: what is routed where. Keys are not in it. */
export function adminPages(routes: readonly Route[]): Pages {
  const services = new Map(routes.map(({ service }) => [service.name, service]));
  return new Map<string, () => object>([
    ['/services', () => ({ data: [...services.values()].map(serviceView), next: null })],
    ...[...services.values()].map(({ balancer }): [string, () => object] => [
      `/upstreams/${balancer.name}/health`,
      () => ({ data: balancer.targets.map(targetView), next: null }),
    ]),
    ['/routes', () => ({ data: routes.map(routeView), next: null })],
  ]);
}

/** What Kong's admin API and its status API both have. */
export function statusPages(traffic: Traffic, metrics: Metrics): Pages {
  const metricsPage = async () => ({
    contentType: metricsContentType,
    text: await metrics.text(),
  });
  return new Map<string, Page>([
    ['/status', () => ({ database: { reachable: true }, server: traffic })],
    ['/metrics', metricsPage],
    // Routes and keys are read before it listens; what is behind it has its own.
    ['/livez', () => ({ status: 'ok' })],
    ['/readyz', () => ({ status: 'ok' })],
  ]);
}

function serviceView(service: Service) {
  return {
    name: service.name,
    protocol: 'http',
    host: service.host,
    port: service.port,
    path: service.path === '/' ? null : service.path,
    retries: 0,
    connect_timeout: service.connectTimeoutMs,
    read_timeout: service.readTimeoutMs,
    write_timeout: service.writeTimeoutMs,
  };
}

function targetView({ host, port, weight, health }: Target) {
  const state =
    health === undefined ? 'HEALTHCHECKS_OFF' : health.healthy ? 'HEALTHY' : 'UNHEALTHY';
  return { target: `${host}:${port}`, weight, health: state };
}

function routeView({ entity, service }: Route) {
  const { plugins: _, ...fields } = entity;
  return { ...fields, service: { name: service.name } };
}
