import { startsKeyframe } from './keyframe.js';
import type { Outbox } from './outbox.js';
import { rtpTimestamp } from './rtp.js';

/** Some streams have no key frame after the first; then a broken picture is better than none. */
const longestWaitMs = 10_000;

/**
 * Decides which packets of one track go to one reader. Once the reader's queue is full it drops
 * packets until the queue has drained and a key frame begins that was not dropped in part,
 * at most 10 s. For encodings without known key frames it drops until the next frame begins.
 */
export class Gate {
  readonly #encoding: string;
  #closedAt: number | undefined;
  #missedTimestamp: number | undefined;

  constructor(encoding: string) {
    this.#encoding = encoding;
  }

  passes(
    packet: Buffer,
    outbox: Pick<Outbox, 'hasRoom' | 'hasDrained'>,
    now = performance.now(),
  ): boolean {
    if (this.#closedAt === undefined && outbox.hasRoom) return true;
    this.#closedAt ??= now;
    const isStart = startsKeyframe(this.#encoding, packet);
    const isWholeFrame = isStart && rtpTimestamp(packet) !== this.#missedTimestamp;
    if (outbox.hasDrained && (isWholeFrame || now - this.#closedAt > longestWaitMs)) {
      this.#closedAt = undefined;
      this.#missedTimestamp = undefined;
      return true;
    }
    if (isStart) this.#missedTimestamp = rtpTimestamp(packet);
    return false;
  }
}
