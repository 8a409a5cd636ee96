import type { FastifyInstance } from 'fastify';
import type { ApiSetup } from './api.js';
import { NatsRefusesError, NatsUnavailableError } from './errors.js';
import { healthAnswer } from './health-schemas.js';

/** How the system is, and for who keeps processes running. @param prefix of the calls of the API */
export function addHealth(
  app: FastifyInstance,
  { bus, health, link }: ApiSetup,
  prefix: string,
): void {
  app.get(
    `${prefix}/health`,
    {
      schema: {
        summary: 'How the system is, detectors included',
        response: { 200: healthAnswer },
      },
    },
    () => health.report(),
  );
  app.get('/healthz', { schema: { summary: 'Whether this process lives' } }, () => ({
    status: 'ok',
  }));
  app.get('/livez', { schema: { summary: 'The same' } }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { summary: 'Whether this process can work' } }, async () => {
    if (!link.up) throw new NatsUnavailableError();
    if (bus.refused !== undefined) throw new NatsRefusesError(bus.refused);
    const reason = await bus.unready();
    if (reason !== undefined) throw new NatsUnavailableError(reason);
    return { status: 'ok' };
  });
}
