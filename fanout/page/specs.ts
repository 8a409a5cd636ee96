import type { Session, StartRequest } from './answers.js';

/** What the control API writes in place of a password. */
const hidden = '***';

/** How this page started its cameras, passwords included: in memory only, gone with the page. */
export class Specs {
  readonly #requests = new Map<string, StartRequest>();

  keep(sessionId: string, request: StartRequest): void {
    this.#requests.set(sessionId, { ...request, session_id: sessionId });
  }

  /** How to start a session again; null when that takes a password which only its owner knows. */
  of({ session_id, stream_url }: Session): StartRequest | null {
    const kept = this.#requests.get(session_id);
    if (kept !== undefined) return kept;
    return stream_url.includes(hidden) ? null : { session_id, stream_url };
  }
}
