import { STATUS_CODES } from 'node:http';
import type { ReasonDetails } from '@framebus/contract';
import type { Logger } from '@framebus/contract/service';
import type { FastifyError, FastifyInstance, FastifySchemaValidationError } from 'fastify';
import { BadRequestError, httpStatusOfCode } from './errors.js';
import { redact } from './stream-url.js';

type Thrown = Partial<FastifyError> & Error & { readonly details?: ReasonDetails };

/** Gives every error Fastify's shape `{statusCode, error, message, code}` and our `details`, without credentials in it. */
export function shapeErrors(app: FastifyInstance, log: Logger): void {
  app.setSchemaErrorFormatter((errors, part) => fieldError(errors[0], part));
  app.setErrorHandler((error: Thrown, _request, reply) => {
    const statusCode = httpStatusOfCode[error.code ?? ''] ?? error.statusCode ?? 500;
    if (statusCode >= 500 && httpStatusOfCode[error.code ?? ''] === undefined) {
      log.error({ reason: redact(error.stack ?? String(error)) }, 'call failed');
    }
    const message = statusCode === 500 ? 'something went wrong here' : redact(error.message);
    return reply.code(statusCode).send({
      statusCode,
      error: STATUS_CODES[statusCode],
      message,
      code: error.code ?? 'INTERNAL',
      ...(error.details && { details: error.details }),
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({
      statusCode: 404,
      error: STATUS_CODES[404],
      message: 'no such route; /docs shows those that there are',
      code: 'ROUTE_NOT_FOUND',
    }),
  );
}

/** The field that is wrong, with its schema's description for what is right. */
function fieldError(found: FastifySchemaValidationError | undefined, part: string): Error {
  const missing = found?.params.missingProperty;
  const field = typeof missing === 'string' ? missing : found?.instancePath.split('/')[1];
  const schema = (found as { parentSchema?: unknown } | undefined)?.parentSchema;
  return new BadRequestError(field ?? part, descriptionOf(schema, field) ?? String(found?.message));
}

function descriptionOf(schema: unknown, field: string | undefined): string | undefined {
  const { description, properties } = (schema ?? {}) as {
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  return (field && properties?.[field]?.description) || description;
}
