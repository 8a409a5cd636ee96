import type {
  Health,
  History,
  ProbeAnswer,
  Session,
  StartRequest,
  StoredAlert,
  Timeline,
} from './answers.js';
import { ApiError, errorOf } from './api-error.js';
import { t } from './language.js';
import type { WebRtcServer } from './whep-endpoint.js';

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
