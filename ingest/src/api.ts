import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type Bus, type Logger, type Metrics, serveMetrics } from '@framebus/contract/service';
import Fastify, { type FastifyInstance } from 'fastify';
import type { AllowedCameras } from './allowed-cameras.js';
import { shapeErrors } from './api-errors.js';
import { NatsUnavailableError } from './errors.js';
import type { Health } from './health.js';
import { addHealth } from './health-routes.js';
import { addHistory } from './history-routes.js';
import type { NatsLink } from './nats-link.js';
import type { Probes } from './probe.js';
import { addControl, addSessions } from './session-routes.js';
import type { Sessions } from './sessions.js';

export interface ApiSetup {
  readonly bus: Bus;
  readonly link: NatsLink;
  readonly sessions: Sessions;
  readonly health: Health;
  readonly probes: Probes;
  readonly cameras: AllowedCameras;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const v1 = '/api/v1/video';

/** The control API, not yet listening. */
export async function createApi(setup: ApiSetup): Promise<FastifyInstance> {
  const app = Fastify({
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, verbose: true },
    },
  });
  shapeErrors(app, setup.log);
  serveMetrics(app, setup.metrics);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'framebus control API',
        description: 'Starts and stops the analysis of cameras, and shows what they gave.',
        version: '1.0.0',
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  addHealth(app, setup, v1);
  await app.register(
    async (video) => {
      video.addHook('onRequest', async () => {
        if (!setup.link.up) throw new NatsUnavailableError();
      });
      addControl(video, setup);
      addSessions(video, setup);
      addHistory(video, setup);
    },
    { prefix: v1 },
  );
  return app;
}
