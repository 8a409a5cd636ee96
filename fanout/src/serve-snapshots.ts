import { isSessionId } from '@framebus/contract';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.js';
import type { Snapshots } from './snapshots.js';

/** `GET /ws/snapshots/{session}/{frame index}.jpg`: under `/ws/` the gateway opens it to the key of the video API. */
export function serveSnapshots(app: FastifyInstance, snapshots: Snapshots): void {
  app.get<{ Params: { sessionId: string; file: string } }>(
    '/ws/snapshots/:sessionId/:file',
    async ({ params: { sessionId, file } }, reply) => {
      const frameIndex = /^([1-9]\d{0,14})\.jpg$/.exec(file)?.[1];
      const jpeg =
        isSessionId(sessionId) && frameIndex !== undefined
          ? await snapshots.read(sessionId, Number(frameIndex)).catch(() => {
              throw new Refusal('NATS_AWAY', 'NATS does not answer');
            })
          : undefined;
      if (jpeg === undefined) throw new Refusal('NOT_FOUND', 'no such snapshot');
      reply.header('cache-control', 'private, max-age=86400, immutable');
      return reply.type('image/jpeg').send(Buffer.from(jpeg));
    },
  );
}
