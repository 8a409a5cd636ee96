import type { SessionStatus } from '@framebus/contract';
import type { WebRtcServer } from './whep-endpoint.js';

/** A session as the control API shows it. */
export interface Session {
  readonly session_id: string;
  readonly status: SessionStatus;
  readonly frame_count: number;
  /** Without credentials. */
  readonly stream_url: string;
  /** Seconds since the epoch. */
  readonly start_time?: number | null;
  readonly fps?: number | null;
  readonly dropped?: number | Readonly<Record<string, number>> | null;
  readonly last_error?: string | null;
  readonly owner?: string | null;
}

export interface StartRequest {
  readonly stream_url: string;
  readonly session_id?: string;
  readonly fps?: number;
  /** Pixels. */
  readonly max_width?: number;
}

export interface Health {
  readonly status: string;
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors?: readonly { readonly id: string; readonly provider?: string }[];
}

/** A call that was not answered with 2xx; the message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** How long the server asks to wait; 0 when it does not say. */
  readonly retryAfterMs: number;

  constructor(message: string, status: number, retryAfterMs = 0) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const timeoutMs = 10_000;
const root = '/api/v1/video';

/** The control API and what else a key opens, through the gateway that served this page. Every call @throws ApiError. */
export class Api {
  /** Sent with every call but health. */
  key = '';

  sessions(): Promise<readonly Session[]> {
    return this.#call('GET', '/sessions');
  }

  start(request: StartRequest): Promise<{ session_id: string; status: string; message: string }> {
    return this.#call('POST', '/start', request);
  }

  stop(sessionId: string): Promise<{ message: string }> {
    return this.#call('POST', '/stop', { session_id: sessionId });
  }

  remove(sessionId: string): Promise<unknown> {
    return this.#call('DELETE', `/sessions/${encodeURIComponent(sessionId)}`);
  }

  health(): Promise<Health> {
    return this.#call('GET', '/health');
  }

  /** Where cameras play over WebRTC. */
  webrtc(): Promise<WebRtcServer> {
    return this.#call('GET', '/ws/webrtc', undefined, '');
  }

  async #call<T>(method: string, path: string, body?: unknown, base = root): Promise<T> {
    const headers = new Headers();
    if (path !== '/health') headers.set('apikey', this.key);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    if (body !== undefined) request.body = JSON.stringify(body);

    const response = await fetch(base + path, request).catch(() => {
      throw new ApiError('framebus does not answer', 0);
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorOf(response, answer);
    return answer as T;
  }
}

/** The gateway's errors and the services' both have a `message`. */
function errorOf(response: Response, answer: unknown): ApiError {
  const said = (answer as { message?: unknown } | null)?.message;
  const message = typeof said === 'string' ? said : `the answer was ${response.status}`;
  const retryAfterS = Number(response.headers.get('retry-after') ?? 0);
  return new ApiError(message, response.status, retryAfterS > 0 ? retryAfterS * 1000 : 0);
}
