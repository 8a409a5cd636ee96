import { subjectOf } from '@framebus/contract';
import type { FastifyInstance } from 'fastify';
import { readAlerts } from './alert-history.js';
import type { ApiSetup } from './api.js';
import { SessionNotFoundError } from './errors.js';
import { readHistory } from './history.js';
import * as schemas from './history-schemas.js';
import { sessionParams } from './session-schemas.js';
import { parseSinceTime } from './since.js';
import { readTimeline } from './timeline.js';

type SessionParams = { readonly session_id: string };
type HistoryQuery = { readonly since?: string; readonly limit: string };
type TimelineQuery = { readonly since?: string; readonly buckets: string };
type AlertsQuery = HistoryQuery & { readonly session_id?: string };

const quarterMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** Calls that tell what was found: events, counts over time, alerts. */
export function addHistory(app: FastifyInstance, { bus, link, sessions }: ApiSetup): void {
  app.get<{ Params: SessionParams; Querystring: HistoryQuery }>(
    '/sessions/:session_id/detections',
    {
      schema: {
        summary: 'Detection events of the last 24 hours, oldest first',
        params: sessionParams,
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
        params: sessionParams,
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
