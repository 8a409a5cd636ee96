import type { FrameResult } from './messages.js';

const longestMs = 4000;
const most = 60;

/** The results of the last four seconds, at most 60: where objects were. */
export class Trail {
  #results: FrameResult[] = [];

  get results(): readonly FrameResult[] {
    return this.#results;
  }

  /** A result from before the last one begins anew, as a replay does. */
  push(result: FrameResult): void {
    const last = this.#results.at(-1);
    if (last !== undefined && last.captured_at >= result.captured_at) {
      if (last.frame_index === result.frame_index) return;
      this.#results = [];
    }
    this.#results.push(result);
    const from = result.captured_at - longestMs;
    this.#results = this.#results.filter(({ captured_at }) => captured_at >= from).slice(-most);
  }
}
