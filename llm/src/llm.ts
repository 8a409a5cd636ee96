import { randomUUID } from 'node:crypto';
import { type ConfigOf, type Logger, Metrics, serveMetrics } from '@framebus/contract/service';
import { type FastifyError, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { chatRoutes } from './chat.js';
import type { ApiError } from './errors.js';
import { modelRoutes } from './models.js';
import { refusalOf, unknownRoute } from './refusal.js';
import { RunningAnswers } from './running.js';
import type { settings } from './settings.js';
import { refusalOfViolation, type Violation } from './violation.js';

export interface Llm extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8082`. */
  readonly url: string;
  /** Answers under way. */
  readonly running: number;
}

/** A mock of a language model in OpenAI's format. Resolves once it listens. */
export async function startLlm(config: ConfigOf<typeof settings>, log: Logger): Promise<Llm> {
  const refuse = (error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = refusalOf(error, request);
    if (refusal.statusCode === 500) log.error({ err: error, reqId: request.id }, 'failed');
    if ([429, 503].includes(refusal.statusCode)) reply.header('retry-after', '1');
    return reply.code(refusal.statusCode).send(refusal.toJSON());
  };
  const app = fastify({
    bodyLimit: config.bodyLimitBytes,
    ajv: {
      customOptions: {
        ...{ coerceTypes: false, removeAdditional: false, useDefaults: false },
        ...{ allowUnionTypes: true, verbose: true },
      },
    },
    schemaErrorFormatter: ([first]) => refusalOfViolation(first as Violation),
    frameworkErrors: refuse,
    genReqId: () => `req_${randomUUID()}`,
    // Requests that come while the last answers finish get a 503 in OpenAI's shape.
    return503OnClosing: false,
    forceCloseConnections: true,
  });
  const running = new RunningAnswers(config.maxStreams);

  const metrics = new Metrics('llm');
  serveMetrics(app, metrics);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = ['GET', 'POST'].filter((method) => app.hasRoute({ method, url: path }));
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    throw unknownRoute(request.method, path, allowed);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async ({ id, method, routeOptions }, reply) => {
    const { statusCode, elapsedTime } = reply;
    log.debug({ reqId: id, method, route: routeOptions.url, statusCode, elapsedTime }, 'answered');
  });

  chatRoutes(app, running);
  modelRoutes(app);
  for (const path of ['/healthz', '/readyz']) {
    app.get(path, () => {
      running.checkOpen();
      return { status: 'ok' };
    });
  }
  app.get('/livez', () => ({ status: 'ok' }));

  const url = await app.listen({ host: config.host, port: config.port });
  log.info({ url }, 'ready');
  return {
    url,
    get running() {
      return running.count;
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await app.close();
      metrics[Symbol.dispose]();
    },
  };
}
