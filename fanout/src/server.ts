import { type Logger, type Metrics, serveMetrics } from '@framebus/contract/service';
import { type FastifyInstance, fastify } from 'fastify';
import { servePage } from './page.js';
import { Refusal } from './refusal.js';
import type { FanoutConfig } from './settings.js';

/** What the server shows of the process. */
export interface Health {
  readonly viewers: () => number;
  /** What NATS refuses to this process, in words. */
  readonly refused: () => string | undefined;
  /** Why the process can not work at present, in words. */
  readonly unready: () => Promise<string | undefined>;
}

/** HTTP: the viewer page, health and metrics. WebSockets are opened on its `server`. Does not listen yet. */
export async function createServer(
  config: FanoutConfig,
  health: Health,
  metrics: Metrics,
  log: Logger,
): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_024 });
  serveMetrics(app, metrics);

  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof Refusal) return reply.code(error.statusCode).send(error.toJSON());
    if ((error.statusCode ?? 500) >= 500)
      log.error({ err: error, path: request.url.split('?', 1)[0] }, 'failed');
    return reply.send(error);
  });
  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0]?.slice(0, 200);
    throw new Refusal('NOT_FOUND', `no such path: ${request.method} ${path}`);
  });

  app.get('/healthz', () => ({
    status: 'ok',
    uptime_seconds: process.uptime(),
    viewers: health.viewers(),
  }));
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    const refused = health.refused();
    if (refused !== undefined) throw new Refusal('NATS_REFUSES', refused);
    const reason = await health.unready();
    if (reason !== undefined) throw new Refusal('NATS_AWAY', reason);
    return { status: 'ready' };
  });
  app.get('/ws/stream/:sessionId', () => {
    throw new Refusal('NOT_A_WEBSOCKET', 'this path takes WebSockets only');
  });
  await servePage(app, config);
  return app;
}
