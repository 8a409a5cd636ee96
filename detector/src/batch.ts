import type { PreparedFrame } from './frame-preparer.js';

/** Frames for one run of the model, each in a slot of a buffer that holds `3 × height × width` floats for each. */
export class Batch {
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly #pictureLength: number;
  readonly #slots: Promise<PreparedFrame | undefined>[] = [];

  constructor(pixels: Float32Array<ArrayBuffer>, pictureLength: number) {
    this.pixels = pixels;
    this.#pictureLength = pictureLength;
  }

  /** Has the next slot filled, beside the others. */
  add(prepare: (slot: Float32Array) => Promise<PreparedFrame | undefined>): void {
    const from = this.#slots.length * this.#pictureLength;
    this.#slots.push(prepare(this.pixels.subarray(from, from + this.#pictureLength)));
  }

  /** The frames that came, in the order of their pictures, which are moved up where one did not. */
  async filled(): Promise<PreparedFrame[]> {
    const frames: PreparedFrame[] = [];
    const length = this.#pictureLength;
    for (const [slot, frame] of (await Promise.all(this.#slots)).entries()) {
      if (frame === undefined) continue;
      if (frames.length < slot) {
        this.pixels.copyWithin(frames.length * length, slot * length, (slot + 1) * length);
      }
      frames.push(frame);
    }
    return frames;
  }
}
