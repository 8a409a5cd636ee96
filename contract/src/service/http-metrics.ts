import type { FastifyInstance, FastifySchema } from 'fastify';
import { type Metrics, metricsContentType } from './metrics.js';

const methods = new Set(
  'GET HEAD POST PUT DELETE OPTIONS PATCH CONNECT TRACE'.split(' ') as readonly string[],
);
/** As the semantic conventions ask for. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** One request to an HTTP server that was answered or broken off. */
export interface ServedRequest {
  readonly method: string;
  /** As the route is declared, so that there are few; undefined without one. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

/** What an HTTP server tells. Paths and queries are left out: there is no end of them. */
export class HttpMetrics {
  #active = 0;
  readonly #duration;

  constructor(metrics: Metrics) {
    this.#duration = metrics.histogram(
      'http_server_request_duration_seconds',
      'From the request to the end of its answer.',
      ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets,
    );
    metrics.gauge(
      'http_server_active_requests',
      'Requests that are not answered yet.',
      [],
      () => this.#active,
    );
  }

  begin(): void {
    this.#active += 1;
  }

  /** It became a WebSocket, and is over. */
  leave(): void {
    this.#active -= 1;
  }

  end({ method, route, status, durationMs }: ServedRequest): void {
    this.#active -= 1;
    const labels = {
      http_request_method: methods.has(method) ? method : '_OTHER',
      http_route: route ?? '',
      http_response_status_code: String(status),
    };
    this.#duration.observe(labels, durationMs / 1_000);
  }
}

/** Measures a Fastify server and serves `GET /metrics` on it. To be called before its routes are declared. */
export function serveMetrics(app: FastifyInstance, metrics: Metrics): void {
  const http = new HttpMetrics(metrics);
  // A request that Fastify can not even read has no beginning, but an end.
  const begun = new WeakSet<object>();
  app.addHook('onRequest', (request, _reply, done) => {
    http.begin();
    begun.add(request);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status, elapsedTime: durationMs } = reply;
    const { method, routeOptions } = request;
    if (begun.delete(request)) http.end({ method, route: routeOptions.url, status, durationMs });
    done();
  });
  // Not a part of the API that is described.
  const schema: FastifySchema & { hide: boolean } = { hide: true };
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(metricsContentType).send(await metrics.text()),
  );
}
