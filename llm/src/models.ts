import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.js';

/** Routes that list the one model. */
export function modelRoutes(app: FastifyInstance): void {
  const model = {
    id: 'mock-llm',
    object: 'model',
    created: Math.floor(Date.now() / 1000),
    owned_by: 'framebus',
  };

  app.get('/v1/models', () => ({ object: 'list', data: [model] }));

  app.get<{ Params: { id: string } }>('/v1/models/:id', ({ params }) => {
    if (params.id === model.id) return model;
    throw new ApiError(
      'model_not_found',
      `The model '${params.id}' does not exist. Expected '${model.id}'.`,
      'model',
    );
  });
}
