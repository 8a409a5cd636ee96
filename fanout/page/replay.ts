import type { History } from './answers.js';
import type { Api } from './api.js';
import type { FrameResult } from './messages.js';

const perCall = 300;
/** More is asked for when fewer results than this wait. */
const fewMs = 5_000;
const tickMs = 40;

/** Plays what was detected in a session from a time on, at its own pace or faster, until it comes to now. */
export class Replay {
  readonly #api: Api;
  readonly #sessionId: string;
  readonly #show: (result: FrameResult) => void;
  readonly #ended: (error: unknown) => void;
  readonly #timer: number;
  #waiting: FrameResult[] = [];
  #cursor: string;
  #asking = false;
  #whole = false;
  #atMs: number;
  #tickedAt = performance.now();
  speed = 1;

  /** `ended` is called once, with null when it came to now; not after `dispose`. */
  constructor(
    api: Api,
    sessionId: string,
    fromMs: number,
    show: (result: FrameResult) => void,
    ended: (error: unknown) => void,
  ) {
    this.#api = api;
    this.#sessionId = sessionId;
    this.#show = show;
    this.#ended = ended;
    this.#atMs = fromMs;
    this.#cursor = (fromMs / 1000).toFixed(3);
    void this.#ask();
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  /** What time it plays, in ms since the epoch. */
  get atMs(): number {
    return this.#atMs;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#whole = true;
    this.#waiting = [];
  }

  #tick(): void {
    const now = performance.now();
    const passedMs = now - this.#tickedAt;
    this.#tickedAt = now;
    const [next] = this.#waiting;
    if (next === undefined) {
      if (this.#whole) this.#end(null);
      return;
    }
    // What was not watched is not waited for.
    const gap = next.captured_at - this.#atMs > 5_000;
    this.#atMs = gap ? next.captured_at : this.#atMs + passedMs * this.speed;
    let due: FrameResult | undefined;
    while ((this.#waiting[0]?.captured_at ?? Infinity) <= this.#atMs) due = this.#waiting.shift();
    if (due !== undefined) this.#show(due);
    const leftMs = (this.#waiting.at(-1)?.captured_at ?? 0) - this.#atMs;
    if (leftMs < fewMs * this.speed) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking || this.#whole) return;
    this.#asking = true;
    try {
      const history = await this.#api.detections(this.#sessionId, this.#cursor, perCall);
      this.#take(history);
    } catch (error) {
      this.#end(error);
    } finally {
      this.#asking = false;
    }
  }

  #take({ detections, cursor }: History): void {
    if (this.#whole) return;
    this.#cursor = cursor;
    // Of N detectors, a later frame's event may be stored first.
    const results = detections.map(
      (event) => ({ ...event, type: 'frame_result', frame: null }) as const,
    );
    this.#waiting = [...this.#waiting, ...results].sort((a, b) => a.captured_at - b.captured_at);
    this.#whole = detections.length < perCall;
  }

  #end(error: unknown): void {
    this.dispose();
    this.#ended(error);
  }
}
