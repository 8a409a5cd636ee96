import type { SessionStatus } from '@framebus/contract';
import { t } from './language.js';
import type { FrameResult } from './messages.js';
import type { WebRtcServer } from './whep-endpoint.js';

/** A session as the control API shows it. */
export interface Session {
  readonly session_id: string;
  /** For people; null: it has none. */
  readonly name?: string | null;
  readonly status: SessionStatus;
  readonly frame_count: number;
  /** Without credentials. */
  readonly stream_url: string;
  /** Seconds since the epoch. */
  readonly start_time?: number | null;
  readonly fps?: number | null;
  readonly drops?: Readonly<Record<string, number>> | null;
  readonly last_error?: string | null;
  readonly owner?: string | null;
}

export interface StartRequest {
  readonly stream_url: string;
  readonly session_id?: string;
  readonly fps?: number;
  /** Pixels. */
  readonly max_width?: number;
  /** 0 to 1. */
  readonly confidence_threshold?: number;
  readonly classes?: readonly string[];
}

export interface History {
  readonly detections: readonly Omit<FrameResult, 'frame' | 'type'>[];
  /** `since` of the call that goes on from here. */
  readonly cursor: string;
}

/** What a camera gave when it was tried, or why it gave nothing. */
export type ProbeAnswer =
  | {
      readonly ok: true;
      readonly codec: string | null;
      /** Pixels. */
      readonly width: number;
      readonly height: number;
      readonly took_ms: number;
      /** JPEG in base64. */
      readonly picture: string | null;
    }
  | { readonly ok: false; readonly code: string; readonly reason: string };

export interface DetectorHealth {
  readonly id: string;
  readonly model?: string;
  readonly provider?: string;
  readonly frames?: number;
  readonly fps?: number | null;
  readonly inference_ms?: number;
  readonly prepare_ms?: number;
  readonly age_ms?: number;
  readonly threads?: number;
  readonly dropped?: Readonly<Record<string, number>>;
}

export interface Health {
  readonly status: string;
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors?: readonly DetectorHealth[];
  readonly queue?: { readonly waiting: number; readonly oldest_ms: number } | null;
  readonly reasons?: readonly string[];
}

export interface StoredAlert {
  readonly session_id: string;
  readonly frame_index: number;
  /** ms since the epoch. */
  readonly captured_at: number;
  readonly class_id: number;
  readonly class_name: string;
  readonly confidence: number;
}

export interface TimelineBucket {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly frames: number;
  readonly classes: Readonly<
    Record<string, { readonly class_id: number; readonly mean: number; readonly most: number }>
  >;
}

/** Counts of a session's objects over time; times in seconds since the epoch. */
export interface Timeline {
  readonly since: number;
  readonly until: number;
  readonly bucket_seconds: number;
  readonly sampled: boolean;
  readonly buckets: readonly TimelineBucket[];
  readonly alerts: readonly StoredAlert[];
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
/** Longer than a camera is tried. */
const probeTimeoutMs = 20_000;
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

  probe(streamUrl: string): Promise<ProbeAnswer> {
    return this.#call('POST', '/probe', { stream_url: streamUrl }, root, probeTimeoutMs);
  }

  /** The newest first. */
  async alerts(limit: number): Promise<readonly StoredAlert[]> {
    const answer = await this.#call<{ alerts: StoredAlert[] }>('GET', `/alerts?limit=${limit}`);
    return answer.alerts;
  }

  /** @param sinceS seconds since the epoch */
  timeline(sessionId: string, sinceS: number, buckets: number): Promise<Timeline> {
    const query = new URLSearchParams({ since: sinceS.toFixed(3), buckets: String(buckets) });
    return this.#call('GET', `/sessions/${encodeURIComponent(sessionId)}/timeline?${query}`);
  }

  /** Detection events, oldest first. @param since seconds since the epoch, or the cursor of an answer */
  detections(sessionId: string, since: string, limit: number): Promise<History> {
    const query = new URLSearchParams({ since, limit: String(limit) });
    return this.#call('GET', `/sessions/${encodeURIComponent(sessionId)}/detections?${query}`);
  }

  /** The picture of an alert; null when there is none. */
  async snapshot(sessionId: string, frameIndex: number): Promise<Blob | null> {
    const path = `/ws/snapshots/${encodeURIComponent(sessionId)}/${frameIndex}.jpg`;
    const headers = { apikey: this.key };
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(path, { headers, signal }).catch(() => null);
    return response?.ok ? response.blob() : null;
  }

  stop(sessionId: string): Promise<{ message: string }> {
    return this.#call('POST', '/stop', { session_id: sessionId });
  }

  remove(sessionId: string): Promise<unknown> {
    return this.#call('DELETE', `/sessions/${encodeURIComponent(sessionId)}`);
  }

  /** Gives a session a name; null: none. */
  rename(sessionId: string, name: string | null): Promise<Session> {
    return this.#call('PATCH', `/sessions/${encodeURIComponent(sessionId)}`, { name });
  }

  health(): Promise<Health> {
    return this.#call('GET', '/health');
  }

  /** Where cameras play over WebRTC. */
  webrtc(): Promise<WebRtcServer> {
    return this.#call('GET', '/ws/webrtc', undefined, '');
  }

  async #call<T>(
    method: string,
    path: string,
    body?: unknown,
    base = root,
    waitMs = timeoutMs,
  ): Promise<T> {
    const headers = new Headers();
    if (path !== '/health') headers.set('apikey', this.key);
    if (body !== undefined) headers.set('content-type', 'application/json');
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(waitMs) };
    if (body !== undefined) request.body = JSON.stringify(body);

    const response = await fetch(base + path, request).catch(() => {
      throw new ApiError(t('link.noAnswer'), 0);
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorOf(response, answer);
    return answer as T;
  }
}

/** The gateway's errors and the services' both have a `message`. */
function errorOf(response: Response, answer: unknown): ApiError {
  const said = (answer as { message?: unknown } | null)?.message;
  const message = typeof said === 'string' ? said : t('link.answered', { status: response.status });
  const retryAfterS = Number(response.headers.get('retry-after') ?? 0);
  return new ApiError(message, response.status, retryAfterS > 0 ? retryAfterS * 1000 : 0);
}
