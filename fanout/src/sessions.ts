import type { DetectionEvent, SessionEntry } from '@framebus/contract';
import { readFrame, subjectOf } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { errorBody } from './bodies.js';
import type { Counters } from './counters.js';
import { Labels } from './labels.js';
import type { Malformed } from './malformed.js';
import { Message } from './message.js';
import type { Viewer } from './viewer.js';
import { WatchedSession } from './watched-session.js';

export interface SessionsOptions {
  readonly bus: Bus;
  readonly reorderMs: number;
  readonly counters: Counters;
  readonly malformed: Malformed;
  /** Told how old a frame was, in ms, when its result was written to the viewers of its session. */
  readonly onSent: (ageMs: number) => void;
}

/** The sessions that someone watches, by id. One is there from its first viewer to its last. */
export class Sessions implements Disposable {
  readonly #sessions = new Map<string, WatchedSession>();
  readonly #labels = new Labels();
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Lets the viewer have the session's messages until it closes. */
  watch(sessionId: string, entry: SessionEntry | undefined, viewer: Viewer): WatchedSession {
    let session = this.#sessions.get(sessionId);
    if (session === undefined) {
      session = this.#open(sessionId, entry);
      this.#sessions.set(sessionId, session);
    }
    const watched = session;
    watched.add(viewer);
    viewer.onView(
      () => watched.viewChanged(),
      (message) => viewer.sendBody(errorBody(sessionId, message)),
    );
    viewer.onClose(() => {
      watched.remove(viewer);
      if (watched.viewers.size > 0) return;
      watched[Symbol.dispose]();
      this.#sessions.delete(sessionId);
    });
    return watched;
  }

  addEvent(event: DetectionEvent): void {
    this.#sessions.get(event.session_id)?.addEvent(event);
  }

  /** The JPEG of a session that someone watches, while it is kept. */
  jpeg(sessionId: string, frameIndex: number): Uint8Array | undefined {
    return this.#sessions.get(sessionId)?.jpeg(frameIndex);
  }

  get labels(): Labels {
    return this.#labels;
  }

  setEntry(sessionId: string, entry: SessionEntry | undefined): void {
    this.#sessions.get(sessionId)?.setEntry(entry);
  }

  /** Sends `body()` to all viewers of a session, if there are any. */
  send(sessionId: string, body: () => object): void {
    const session = this.#sessions.get(sessionId);
    if (session) session.send(new Message(body(), this.#options.counters));
  }

  #open(sessionId: string, entry: SessionEntry | undefined): WatchedSession {
    const { bus, reorderMs, counters, malformed, onSent } = this.#options;
    const session: WatchedSession = new WatchedSession(entry, {
      reorderMs,
      counters,
      onSent,
      labels: this.#labels,
      subscribeFrames: () => {
        const subscription = bus.connection.subscribe(subjectOf('frames', sessionId), {
          callback: (error, message) => {
            // An error is told by the connection's status.
            if (error) return;
            malformed.guard(message.subject, () => session.addFrame(readFrame(message)));
          },
        });
        return () => {
          if (!bus.connection.isClosed()) subscription.unsubscribe();
        };
      },
    });
    return session;
  }

  [Symbol.dispose](): void {
    for (const session of this.#sessions.values()) session[Symbol.dispose]();
    this.#sessions.clear();
  }
}
