import { type ConfigOf, type Logger, Metrics } from '@framebus/contract/service';
import { adminPages, statusPages } from './admin.js';
import type { Exchange } from './exchange.js';
import { handle } from './handle.js';
import { HealthProbe } from './health-probe.js';
import { Listener } from './listener.js';
import { Opened } from './opened.js';
import { PageServer } from './page-server.js';
import { render } from './rendered.js';
import { Router } from './router.js';
import { routesOf } from './routes.js';
import { balancerOf } from './service.js';
import type { settings } from './settings.js';
import { targetMetrics } from './target-metrics.js';
import { tlsOptions } from './tls.js';
import { Traffic } from './traffic.js';

export type GatewayConfig = ConfigOf<typeof settings>;

/** Reads the declarative file and serves what it describes. @throws ConfigError */
export async function start(config: GatewayConfig, log: Logger): Promise<AsyncDisposable> {
  const { declaration, made } = await render(config, isLoopback(config.host));
  const balancers = new Map(
    declaration.upstreams.map((entity) => [entity.name, balancerOf(entity, log)]),
  );
  const routes = routesOf(declaration, balancers);
  const router = new Router(routes);
  const metrics = new Metrics('gateway');
  const traffic = new Traffic(metrics);
  targetMetrics(metrics, balancers);
  const take = (exchange: Exchange) => {
    handle(exchange, router, traffic, log).catch((error) => {
      log.error({ err: error, requestId: exchange.id }, 'request failed');
      exchange.response.destroy();
    });
  };

  const opened = new Opened();
  const addresses: Record<string, string> = {};
  try {
    const plain = opened.add(await Listener.open({ port: config.port, host: config.host }, take));
    addresses.http = `http://${config.host}:${plain.port}`;
    if (config.tlsPort !== 0) {
      const secure = opened.add(await Listener.open(await tlsOptions(config), take));
      addresses.https = `https://${config.host}:${secure.port}`;
    }
    const status = statusPages(traffic, metrics);
    if (config.adminPort !== 0) {
      const pages = new Map([...status, ...adminPages(routes)]);
      const address = { port: config.adminPort, host: '127.0.0.1' };
      const { port } = opened.add(await PageServer.open(address, pages));
      addresses.admin = `http://127.0.0.1:${port}`;
    }
    if (config.statusPort !== 0) {
      const address = { port: config.statusPort, host: config.host };
      const { port } = opened.add(await PageServer.open(address, status));
      addresses.status = `http://${config.host}:${port}`;
    }
  } catch (error) {
    metrics[Symbol.dispose]();
    await opened[Symbol.asyncDispose]();
    throw error;
  }
  for (const target of [...balancers.values()].flatMap(({ targets }) => targets)) {
    if (target.health !== undefined) opened.keep(new HealthProbe(target, target.health));
  }
  opened.keep(metrics);
  for (const [variable, key] of made) {
    process.stdout.write(`${variable}=${key} was made up; it is kept in ${config.keysFile}\n`);
  }
  log.info(addresses, 'ready');
  return opened;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
