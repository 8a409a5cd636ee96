import type { FastifyError, FastifyRequest } from 'fastify';
import { ApiError } from './errors.js';

const expected = "Expected a JSON object with 'model' and 'messages'.";

/** What a client is told of an error that Fastify or a handler threw. */
export function refusalOf(error: FastifyError | ApiError, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  const refuse = (code: ApiError['code'], message: string) =>
    new ApiError(code, message, null, error);

  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = request.routeOptions.bodyLimit;
    return refuse('body_too_large', `The body is too large. At most ${limit} bytes are taken.`);
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const given = request.headers['content-type'];
    const got = given === undefined ? 'no content type' : `content type '${given.slice(0, 64)}'`;
    return refuse(
      'unsupported_media_type',
      `The body came with ${got}. Expected 'application/json'.`,
    );
  }
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return refuse('invalid_json', `The body is empty. ${expected}`);
  }
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return refuse('invalid_json', `The body is not valid JSON. ${expected}`);
  }
  const { statusCode = 500 } = error;
  if (statusCode < 500) return refuse('invalid_request', error.message);
  return refuse('internal_error', 'The server had an error while it handled the request.');
}

/** For a path that is not there, or is there with another method only. */
export function unknownRoute(method: string, path: string, allowed: readonly string[]): ApiError {
  if (allowed.length === 0) {
    return new ApiError('unknown_url', `Invalid URL (${method} ${path.slice(0, 200)}).`);
  }
  return new ApiError(
    'method_not_supported',
    `Not allowed to ${method} on ${path}. Expected ${allowed.join(' or ')}.`,
  );
}
