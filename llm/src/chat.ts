import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { answerTo } from './answer.js';
import { completionOf } from './completion.js';
import { eventHeaders, eventsOf } from './events.js';
import { Pace, waitUntil } from './pace.js';
import { type ChatRequest, checkCombination } from './request.js';
import type { RunningAnswers } from './running.js';
import { chatRequestSchema } from './schema.js';

export function chatRoutes(app: FastifyInstance, running: RunningAnswers): void {
  app.post<{ Body: ChatRequest }>(
    '/v1/chat/completions',
    { schema: { body: chatRequestSchema } },
    async ({ body }, reply) => {
      checkCombination(body);
      const signal = running.begin(reply.raw);
      const pace = new Pace(body.ttft_ms ?? 0, body.tokens_per_second ?? undefined);
      const answer = answerTo(body);

      if (body.stream !== true) {
        const last = Math.max(answer.usage.completion_tokens - 1, 0);
        await waitUntil(pace.dueAt(last), signal);
        return completionOf(answer);
      }
      // Before the status is sent, so that a stop while waiting is a 503.
      await waitUntil(pace.dueAt(0), signal);
      const includeUsage = body.stream_options?.include_usage === true;
      return reply
        .headers(eventHeaders)
        .send(Readable.from(eventsOf(answer, pace, includeUsage, signal)));
    },
  );
}
