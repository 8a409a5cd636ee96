import { decodeJpeg } from './decode.js';
import type { FrameResult } from './messages.js';

/** Decodes a camera's JPEGs one at a time. While it works only the newest waits; the others are skipped. */
export class Decoder {
  #busy = false;
  #waiting: FrameResult | null = null;
  readonly #size: (result: FrameResult) => readonly [width: number, height: number];
  readonly #decoded: (bitmap: ImageBitmap, result: FrameResult) => void;
  /** Frames that a newer one overtook. */
  skipped = 0;
  /** Frames that are no picture. */
  broken = 0;

  /**
   * `size` tells how large a picture is needed, in pixels; (0, 0): as it is.
   * `decoded` owns the bitmap and closes it.
   */
  constructor(
    size: (result: FrameResult) => readonly [width: number, height: number],
    decoded: (bitmap: ImageBitmap, result: FrameResult) => void,
  ) {
    this.#size = size;
    this.#decoded = decoded;
  }

  push(result: FrameResult): void {
    if (this.#waiting !== null) this.skipped += 1;
    this.#waiting = result;
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let next = this.#take(); next !== null; next = this.#take()) {
      const bitmap = next.frame === null ? null : await decodeJpeg(next.frame, ...this.#size(next));
      if (bitmap === null) this.broken += 1;
      else this.#decoded(bitmap, next);
    }
    this.#busy = false;
  }

  #take(): FrameResult | null {
    const next = this.#waiting;
    this.#waiting = null;
    return next;
  }
}
