import { annotate, drawingSlots } from './annotate.js';
import type { Counters } from './counters.js';
import type { FrameResult } from './frame-result.js';
import type { Labels } from './labels.js';

const slotsPerSession = 2;
/** A picture that takes longer is left out. */
const drawMs = 500;

interface Waiting {
  readonly result: FrameResult;
  settled: boolean;
}

/** How many pictures are being drawn over all sessions. */
let drawing = 0;

/**
 * Draws boxes into the frames of one session and delivers the results in the order in which they came.
 * At most two are drawn at once; while these are, and when one takes longer than 500 ms, results go without
 * a picture. So what waits is bounded by 500 ms of events.
 */
export class Drawing {
  readonly #labels: Labels;
  readonly #deliver: (result: FrameResult) => void;
  readonly #counters: Pick<Counters, 'drawn' | 'undrawn'>;
  readonly #queue: Waiting[] = [];
  #inFlight = 0;

  constructor(
    labels: Labels,
    deliver: (result: FrameResult) => void,
    counters: Pick<Counters, 'drawn' | 'undrawn'>,
  ) {
    this.#labels = labels;
    this.#deliver = deliver;
    this.#counters = counters;
  }

  /** Delivers the result later, with its picture when `draw` is true and there is time for it. */
  push(result: FrameResult, draw: boolean): void {
    const waiting = { result, settled: false };
    this.#queue.push(waiting);
    if (!draw || result.jpeg === null) {
      this.#settle(waiting);
    } else if (this.#inFlight >= slotsPerSession || drawing >= drawingSlots) {
      this.#counters.undrawn += 1;
      this.#settle(waiting);
    } else {
      void this.#draw(waiting, result.jpeg);
    }
  }

  async #draw(waiting: Waiting, jpeg: Uint8Array): Promise<void> {
    const timer = setTimeout(() => this.#settle(waiting), drawMs);
    this.#inFlight += 1;
    drawing += 1;
    try {
      const drawn = await annotate(jpeg, waiting.result.event.detections, this.#labels);
      if (!waiting.settled) waiting.result.drawn = drawn;
    } catch {
      // Not a picture that can be decoded: counted below.
    }
    this.#inFlight -= 1;
    drawing -= 1;
    clearTimeout(timer);
    this.#counters[waiting.result.drawn ? 'drawn' : 'undrawn'] += 1;
    this.#settle(waiting);
  }

  #settle(waiting: Waiting): void {
    waiting.settled = true;
    for (let head = this.#queue[0]; head?.settled; head = this.#queue[0]) {
      this.#queue.shift();
      this.#deliver(head.result);
    }
  }
}
