import { Readable } from 'node:stream';
import type { AccessUnit } from './rtsp/access-unit.js';
import { type IvfCodec, ivfFrame, ivfHeader } from './rtsp/ivf.js';

const maxWaitingBytes = 4 * 1024 * 1024;
const maxWaitingMs = 2_000;
const highWaterMark = 64 * 1024;

/**
 * Access units on their way into ffmpeg, as IVF. When more than 4 MiB or 2 s of them wait, new ones are
 * dropped up to the next key frame, which takes the place of what waits.
 */
export class AccessUnitFeed extends Readable {
  readonly #onDropped: (dropped: number) => void;
  #waiting: AccessUnit[] = [];
  #waitingBytes = 0;
  #wanted = false;
  #skipping = false;
  #finished = false;

  constructor(codec: IvfCodec, onDropped: (dropped: number) => void) {
    super({ highWaterMark });
    this.#onDropped = onDropped;
    this.push(ivfHeader(codec));
  }

  offer(unit: AccessUnit): void {
    if (this.#finished) return;
    if (this.#isBehind(unit)) {
      this.#skipping = true;
      if (unit.key) {
        this.#onDropped(this.#waiting.length);
        this.#waiting = [];
        this.#waitingBytes = 0;
      }
    }
    if (this.#skipping && !unit.key) return this.#onDropped(1);
    this.#skipping = false;
    this.#waiting.push(unit);
    this.#waitingBytes += unit.bytes.length;
    this.#flow();
  }

  /** What waits is forgotten; ffmpeg sees the end. */
  finish(): void {
    this.#waiting = [];
    this.#finished = true;
    this.push(null);
  }

  override _read(): void {
    this.#wanted = true;
    this.#flow();
  }

  #isBehind(unit: AccessUnit): boolean {
    const oldest = this.#waiting[0];
    if (oldest === undefined) return false;
    return this.#waitingBytes > maxWaitingBytes || unit.pts - oldest.pts > maxWaitingMs;
  }

  #flow(): void {
    while (this.#wanted) {
      const unit = this.#waiting.shift();
      if (unit === undefined) return;
      this.#waitingBytes -= unit.bytes.length;
      this.#wanted = this.push(ivfFrame(unit.bytes, unit.pts));
    }
  }
}
