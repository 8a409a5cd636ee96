import { type Answer, refusal } from './answer.js';

/** The upstream did not connect, answer or take bytes in the time that the file gives it. */
export class UpstreamTimeoutError extends Error {
  override readonly name = 'UpstreamTimeoutError';
  readonly code = 'UPSTREAM_TIMEOUT';
}

/** No target is there, or none is healthy. */
export const noTarget = refusal(503, 'failure to get a peer from the ring-balancer');

/** What the client is told of an upstream that failed, and whether it was reached for at all. */
export interface UpstreamFailure {
  readonly answer: Answer;
  readonly resolved: boolean;
}

export function upstreamFailure(error: NodeJS.ErrnoException): UpstreamFailure {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return { answer: refusal(503, 'name resolution failed'), resolved: false };
    case 'UPSTREAM_TIMEOUT':
    case 'ETIMEDOUT':
      return { answer: refusal(504, 'The upstream server is timing out'), resolved: true };
    default:
      return {
        answer: refusal(502, 'An invalid response was received from the upstream server'),
        resolved: true,
      };
  }
}
