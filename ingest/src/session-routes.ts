import type { SessionSpec } from '@framebus/contract';
import type { FastifyInstance } from 'fastify';
import type { ApiSetup } from './api.js';
import * as schemas from './session-schemas.js';
import { checkStreamUrl } from './stream-url.js';

type StartBody = SessionSpec & { readonly session_id?: string };
type SessionParams = { readonly session_id: string };

/** Calls that try a camera, and that start and stop its analysis. */
export function addControl(app: FastifyInstance, { sessions, cameras, probes }: ApiSetup): void {
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

/** Calls that tell of sessions, name and remove them. */
export function addSessions(app: FastifyInstance, { sessions }: ApiSetup): void {
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
