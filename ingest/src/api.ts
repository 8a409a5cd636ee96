import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type SessionSpec, subjectOf } from '@framebus/contract';
import { type Bus, type Logger, type Metrics, serveMetrics } from '@framebus/contract/service';
import Fastify, { type FastifyInstance } from 'fastify';
import { readAlerts } from './alert-history.js';
import type { AllowedCameras } from './allowed-cameras.js';
import { shapeErrors } from './api-errors.js';
import * as schemas from './api-schemas.js';
import { NatsRefusesError, NatsUnavailableError, SessionNotFoundError } from './errors.js';
import type { Health } from './health.js';
import { readHistory } from './history.js';
import type { NatsLink } from './nats-link.js';
import type { Probes } from './probe.js';
import type { Sessions } from './sessions.js';
import { parseSinceTime } from './since.js';
import { checkStreamUrl } from './stream-url.js';
import { readTimeline } from './timeline.js';

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

type StartBody = SessionSpec & { readonly session_id?: string };
type SessionParams = { readonly session_id: string };
type TimelineQuery = { readonly since?: string; readonly buckets: string };
type AlertsQuery = HistoryQuery & { readonly session_id?: string };
type HistoryQuery = { readonly since?: string; readonly limit: string };

const quarterMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;
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
  addProbes(app, setup);
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

function addProbes(app: FastifyInstance, { bus, health, link }: ApiSetup): void {
  app.get(
    `${v1}/health`,
    {
      schema: {
        summary: 'How the system is, detectors included',
        response: { 200: schemas.healthAnswer },
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

function addControl(app: FastifyInstance, { sessions, cameras, probes }: ApiSetup): void {
  app.post<{ Body: StartBody }>(
    '/start',
    {
      schema: {
        summary: 'Start the analysis of a camera; the same call again does nothing',
        body: schemas.startBody,
        response: { 200: schemas.changeAnswer },
      },
    },
    async ({ body }) => {
      checkStreamUrl(body.stream_url, cameras);
      const view = await sessions.start(specOf(body), body.session_id);
      const status = view.status === 'running' ? 'running' : 'pending';
      const message = status === 'running' ? 'session is running' : 'session was started';
      return { session_id: view.session_id, status, message };
    },
  );
  app.post<{ Body: Pick<StartBody, 'stream_url'> }>(
    '/probe',
    {
      schema: {
        summary:
          'Try a camera without starting a session: its size and codec, or why there is no picture',
        body: schemas.probeBody,
        response: { 200: schemas.probeAnswer },
      },
    },
    async ({ body }) => {
      checkStreamUrl(body.stream_url, cameras);
      return probes.probe(body.stream_url);
    },
  );
  app.post<{ Body: SessionParams }>(
    '/stop',
    {
      schema: {
        summary: 'Stop the analysis of a camera, whatever its state',
        body: schemas.stopBody,
        response: { 200: schemas.changeAnswer },
      },
    },
    async ({ body }) => {
      await sessions.stop(body.session_id);
      return { session_id: body.session_id, status: 'stopped', message: 'session was stopped' };
    },
  );
}

function addSessions(app: FastifyInstance, { sessions }: ApiSetup): void {
  app.get(
    '/sessions',
    {
      schema: {
        summary: 'All sessions; stopped ones are listed for 24 hours',
        response: { 200: { type: 'array', items: schemas.sessionAnswer } },
      },
    },
    () => sessions.list(),
  );
  app.get<{ Params: SessionParams }>(
    '/sessions/:session_id',
    {
      schema: {
        summary: 'One session',
        params: schemas.sessionParams,
        response: { 200: schemas.sessionAnswer },
      },
    },
    ({ params }) => sessions.get(params.session_id),
  );
  app.patch<{ Params: SessionParams; Body: { readonly name: string | null } }>(
    '/sessions/:session_id',
    {
      schema: {
        summary: 'Give a session a name for people; its id stays, and the camera plays on',
        params: schemas.sessionParams,
        body: schemas.renameBody,
        response: { 200: schemas.sessionAnswer },
      },
    },
    ({ params, body }) => sessions.rename(params.session_id, body.name?.trim() ?? null),
  );
  app.delete<{ Params: SessionParams }>(
    '/sessions/:session_id',
    {
      schema: {
        summary: 'Stop a session and forget it; its events stay in the history',
        params: schemas.sessionParams,
        response: { 200: schemas.changeAnswer },
      },
    },
    async ({ params }) => {
      await sessions.remove(params.session_id);
      return { session_id: params.session_id, status: 'stopped', message: 'session was removed' };
    },
  );
}

function addHistory(app: FastifyInstance, { bus, link, sessions }: ApiSetup): void {
  app.get<{ Params: SessionParams; Querystring: HistoryQuery }>(
    '/sessions/:session_id/detections',
    {
      schema: {
        summary: 'Detection events of the last 24 hours, oldest first',
        params: schemas.sessionParams,
        querystring: schemas.historyQuery,
        response: { 200: schemas.historyAnswer },
      },
    },
    async ({ params, query }) => {
      const { session_id } = params;
      const history = await readHistory(bus, link, session_id, query.since, Number(query.limit));
      // A session that was removed keeps its history.
      if (history.detections.length === 0) {
        await sessions.get(session_id).catch((error: unknown) => {
          if (!(error instanceof SessionNotFoundError) || query.since === undefined) throw error;
        });
      }
      return { session_id, ...history };
    },
  );
  app.get<{ Params: SessionParams; Querystring: TimelineQuery }>(
    '/sessions/:session_id/timeline',
    {
      schema: {
        summary: 'Counts of a session’s objects over time, and its alerts',
        params: schemas.sessionParams,
        querystring: schemas.timelineQuery,
        response: { 200: schemas.timelineAnswer },
      },
    },
    async ({ params: { session_id }, query: { since, buckets } }) => {
      const sinceMs = since === undefined ? Date.now() - quarterMs : parseSinceTime(since);
      const timeline = await readTimeline(bus, link, session_id, sinceMs, Number(buckets));
      return { session_id, ...timeline };
    },
  );
  app.get<{ Querystring: AlertsQuery }>(
    '/alerts',
    {
      schema: {
        summary: 'The newest alerts of the last 24 hours, newest first',
        querystring: schemas.alertsQuery,
        response: { 200: schemas.alertsAnswer },
      },
    },
    async ({ query: { session_id, since, limit } }) => {
      const sinceMs = since === undefined ? Date.now() - dayMs : parseSinceTime(since);
      const subject = subjectOf('alerts', session_id ?? '*');
      return { alerts: await readAlerts(bus, link, subject, sinceMs, Number(limit)) };
    },
  );
}

/** The specification alone: fields that are not known are left out. */
function specOf(body: StartBody): SessionSpec {
  return {
    stream_url: body.stream_url,
    enable_drawing: body.enable_drawing,
    fps: body.fps,
    max_width: body.max_width,
    jpeg_quality: body.jpeg_quality,
    confidence_threshold: body.confidence_threshold,
    classes: body.classes,
  };
}
