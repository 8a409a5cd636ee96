import type { FrameResult } from './frame-result.js';
import { Slots } from './slots.js';

/** A picture that takes longer is left out. */
const makeMs = 500;

interface Waiting {
  readonly result: FrameResult;
  settled: boolean;
}

export interface PictureQueueOptions {
  /** Makes the picture; what it gives puts it into the result. @throws Error when there is none */
  readonly make: (result: FrameResult) => Promise<(result: FrameResult) => void>;
  readonly deliver: (result: FrameResult) => void;
  /** Told of each picture that was wanted: whether it was made in time. */
  readonly count: (made: boolean) => void;
  /** Pictures that are made at once, of this queue and of all that share these slots. */
  readonly own: number;
  readonly shared: Slots;
}

/**
 * Makes pictures for the results of one session, and delivers the results in the order in which they came.
 * While all slots are taken, and when one takes longer than 500 ms, results go without. So what waits is bounded by
 * 500 ms of events.
 */
export class PictureQueue {
  readonly #options: PictureQueueOptions;
  readonly #own: Slots;
  readonly #queue: Waiting[] = [];

  constructor(options: PictureQueueOptions) {
    this.#options = options;
    this.#own = new Slots(options.own);
  }

  /** Delivers the result later, with its picture when that is wanted and there is time for it. */
  push(result: FrameResult, wanted: boolean): void {
    const waiting = { result, settled: false };
    this.#queue.push(waiting);
    if (!wanted) {
      this.#settle(waiting);
    } else if (!this.#take()) {
      this.#options.count(false);
      this.#settle(waiting);
    } else {
      void this.#make(waiting);
    }
  }

  #take(): boolean {
    if (!this.#own.take()) return false;
    if (this.#options.shared.take()) return true;
    this.#own.giveBack();
    return false;
  }

  async #make(waiting: Waiting): Promise<void> {
    const timer = setTimeout(() => this.#settle(waiting), makeMs);
    // What is no picture gives none.
    const put = await this.#options.make(waiting.result).catch(() => undefined);
    this.#own.giveBack();
    this.#options.shared.giveBack();
    clearTimeout(timer);
    const made = put !== undefined && !waiting.settled;
    if (made) put(waiting.result);
    this.#options.count(made);
    this.#settle(waiting);
  }

  #settle(waiting: Waiting): void {
    waiting.settled = true;
    for (let head = this.#queue[0]; head?.settled; head = this.#queue[0]) {
      this.#queue.shift();
      this.#options.deliver(head.result);
    }
  }
}
