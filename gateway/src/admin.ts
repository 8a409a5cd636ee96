import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverName } from './kong.js';
import type { Route } from './router.js';
import type { Service } from './service.js';
import type { Target } from './target.js';
import type { Traffic } from './traffic.js';

/** A read-only part of Kong's admin API, on 127.0.0.1: what is routed where. Keys are not in it. */
export class Admin implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(port: number, routes: readonly Route[], traffic: Traffic): Promise<Admin> {
    const services = new Map(routes.map(({ service }) => [service.name, service]));
    const pages = new Map<string, () => unknown>([
      ['/status', () => ({ database: { reachable: true }, server: traffic })],
      // Routes and keys are read before it listens; what is behind it has its own.
      ...['/livez', '/readyz'].map((path): [string, () => unknown] => [
        path,
        () => ({ status: 'ok' }),
      ]),
      ['/services', () => ({ data: [...services.values()].map(serviceView), next: null })],
      ...[...services.values()].map(({ balancer }): [string, () => unknown] => [
        `/upstreams/${balancer.name}/health`,
        () => ({ data: balancer.targets.map(targetView), next: null }),
      ]),
      ['/routes', () => ({ data: routes.map(routeView), next: null })],
    ]);
    const server = createServer((request, response) => {
      const page = pages.get(new URL(request.url ?? '/', 'http://admin').pathname);
      if (page === undefined) reply(response, 404, { message: 'Not found' });
      else if (request.method !== 'GET') reply(response, 405, { message: 'Method not allowed' });
      else reply(response, 200, page());
      request.resume();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Admin(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
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

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    Server: serverName,
  });
  response.end(JSON.stringify(body));
}
