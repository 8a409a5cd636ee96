import { RefusedError } from './errors.js';

/**
 * What an answer that is not 2xx says.
 * @param status HTTP status; 0 for an answer that is not framebus's
 * @param retryAfter seconds, as its header has them
 */
export function refusalOf(status: number, body: string, retryAfter?: string | null): RefusedError {
  const { message, code } = read(body);
  // Services give a code; without one it was the gateway.
  if (code !== undefined) return new RefusedError(message ?? code, status);
  switch (status) {
    case 0:
      return new RefusedError(
        'the answer is not JSON: is --url the address of a framebus gateway?',
      );
    case 401:
    case 403:
      return new RefusedError(
        `the server does not take this API key (${message ?? status}): FRAMEBUS_API_KEY or --key gives another`,
        status,
      );
    case 429:
      return new RefusedError(
        `too many calls: the video API takes 100 a minute; again in ${retryAfter ?? 'some'} s`,
        status,
      );
    default:
      return new RefusedError(
        `the server answered ${status}${message ? `: ${message}` : ''}`,
        status,
      );
  }
}

function read(body: string): { readonly message?: string; readonly code?: string } {
  try {
    const { message, code } = JSON.parse(body) as Record<string, unknown>;
    return {
      ...(typeof message === 'string' && { message }),
      ...(typeof code === 'string' && { code }),
    };
  } catch {
    return {};
  }
}
