import {
  leaseMs,
  type SessionEntry,
  type SessionState,
  type StatusEvent,
} from '@framebus/contract';
import { type Bus, type Logger, Mirror } from '@framebus/contract/service';

/** What is wanted and seen of every session, followed in memory. */
export class States implements AsyncDisposable {
  readonly #entries: Mirror<SessionEntry>;
  readonly #states: Mirror<SessionState>;

  private constructor(entries: Mirror<SessionEntry>, states: Mirror<SessionState>) {
    this.#entries = entries;
    this.#states = states;
  }

  /** `onEntry` is called whenever the wanted state of a session changed. */
  static async open(
    bus: Bus,
    log: Logger,
    onEntry: (sessionId: string, entry: SessionEntry | undefined) => void,
  ): Promise<States> {
    const entries = await Mirror.open<SessionEntry>(bus, 'sessions', log, (key, entry) =>
      onEntry(key, entry?.value),
    );
    return new States(entries, await Mirror.open<SessionState>(bus, 'session-state', log));
  }

  entry(sessionId: string): SessionEntry | undefined {
    return this.#entries.get(sessionId)?.value;
  }

  /** What a viewer is told when it opens: the camera's size once known, then the status. */
  greeting(sessionId: string): StatusEvent[] {
    const entry = this.entry(sessionId);
    const state = this.#fresh(sessionId);
    const timestamp = Date.now() / 1000;
    const greeting: StatusEvent[] = [];
    if (state && state.width > 0 && state.height > 0) {
      const { width, height } = state;
      const info = { width, height, fps: frameRate(entry, state) };
      greeting.push({ type: 'stream_info', session_id: sessionId, timestamp, info });
    }
    greeting.push({
      ...{ type: 'status', session_id: sessionId, timestamp },
      ...statusOf(sessionId, entry, state),
    });
    return greeting;
  }

  /** Undefined too when the server let the entry expire. */
  #fresh(sessionId: string): SessionState | undefined {
    const state = this.#states.get(sessionId);
    return state && performance.now() - state.storedAt < leaseMs ? state.value : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#states[Symbol.asyncDispose]();
    await this.#entries[Symbol.asyncDispose]();
  }
}

/** The wanted rate, or what the camera gives where that is more than a fifth less. */
function frameRate(entry: SessionEntry | undefined, { fps }: SessionState): number {
  const wanted = entry?.spec.fps ?? fps;
  return fps > 0 && fps < wanted * 0.8 ? fps : wanted;
}

type Status = Omit<Extract<StatusEvent, { type: 'status' }>, 'type' | 'session_id' | 'timestamp'>;

function statusOf(
  id: string,
  entry: SessionEntry | undefined,
  state: SessionState | undefined,
): Status {
  if (entry === undefined) {
    const message = `waiting for session ${id}: it does not exist yet`;
    return { status: 'pending', message, code: 'SESSION_AWAITED', details: { session_id: id } };
  }
  if (entry.wanted === 'stopped') {
    return { status: 'stopped', message: `session ${id} is stopped` };
  }
  if (state === undefined) {
    const message = `session ${id} waits for an ingest to take it`;
    return { status: 'pending', message, code: 'NO_INGEST', details: { session_id: id } };
  }
  const { status, last_error, last_error_code: code, last_error_details: details } = state;
  const message = `session ${id} is ${status}`;
  if (!last_error || status === 'running') return { status, message };
  const why = code ? { code, details: details ?? {} } : {};
  return { status, message: `${message}: ${last_error}`, ...why };
}
