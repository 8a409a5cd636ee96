import type { DetectionEvent, SessionStatus } from '@framebus/contract';
import { refusalOf } from './refusal.js';
import { keyOf, type Server } from './server.js';
import { unreachable } from './unreachable.js';

/** A session as the control API shows it (docs/api.md). */
export interface Session {
  readonly session_id: string;
  /** For people; null: it has none. */
  readonly name: string | null;
  readonly status: SessionStatus;
  readonly frame_count: number;
  readonly stream_url: string;
  readonly fps: number;
  readonly dropped: number;
  readonly last_error: string | null;
  /** Seconds since the epoch; absent from servers of earlier versions. */
  readonly last_error_at?: number | null;
}

export interface Change {
  readonly session_id: string;
  readonly status: SessionStatus;
  readonly message: string;
}

/** What a camera gave, or why it gave nothing. */
export type Probe =
  | {
      readonly ok: true;
      readonly codec: string | null;
      /** Pixels. */
      readonly width: number;
      readonly height: number;
      readonly took_ms: number;
    }
  | { readonly ok: false; readonly code: string; readonly reason: string };

export interface Health {
  readonly status: string;
  readonly model_loaded: boolean;
  readonly gpu_available: boolean;
  readonly uptime_seconds: number;
  readonly detectors: readonly {
    readonly id: string;
    readonly model: string;
    readonly provider: string;
  }[];
  readonly reasons?: readonly string[];
}

export interface History {
  readonly session_id: string;
  readonly detections: readonly DetectionEvent[];
  readonly cursor: string;
}

const root = '/api/v1/video';
const timeoutMs = 15_000;

/** The control API. Every call @throws RefusedError, UnreachableError, UsageError. */
export class Api {
  readonly #server: Server;
  readonly #signal: AbortSignal;

  constructor(server: Server, signal: AbortSignal) {
    this.#server = server;
    this.#signal = signal;
  }

  probe(streamUrl: string): Promise<Probe> {
    return this.#call('POST', '/probe', { stream_url: streamUrl });
  }

  start(spec: object): Promise<Change> {
    return this.#call('POST', '/start', spec);
  }

  stop(sessionId: string): Promise<Change> {
    return this.#call('POST', '/stop', { session_id: sessionId });
  }

  remove(sessionId: string): Promise<Change> {
    return this.#call('DELETE', `/sessions/${sessionId}`);
  }

  /** @param name null takes it away */
  rename(sessionId: string, name: string | null): Promise<Session> {
    return this.#call('PATCH', `/sessions/${sessionId}`, { name });
  }

  sessions(): Promise<readonly Session[]> {
    return this.#call('GET', '/sessions');
  }

  session(sessionId: string): Promise<Session> {
    return this.#call('GET', `/sessions/${sessionId}`);
  }

  /** Asks without the key, which it needs not. */
  health(): Promise<Health> {
    return this.#call('GET', '/health', undefined, {});
  }

  detections(sessionId: string, query: Readonly<Record<string, string>>): Promise<History> {
    const path = `/sessions/${sessionId}/detections`;
    return this.#call('GET', `${path}?${new URLSearchParams(query)}`);
  }

  async #call<T>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = { apikey: keyOf(this.#server) },
  ): Promise<T> {
    const { url } = this.#server;
    const request: RequestInit = {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      // The key is for this server alone.
      redirect: 'manual',
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(timeoutMs)]),
      ...(body && { body: JSON.stringify(body) }),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${root}${path}`, request);
      text = await response.text();
    } catch (error) {
      throw unreachable(url, error);
    }
    if (!response.ok) throw refusalOf(response.status, text, response.headers.get('retry-after'));
    try {
      return JSON.parse(text) as T;
    } catch {
      throw refusalOf(0, '', null);
    }
  }
}
