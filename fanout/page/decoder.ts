import type { FrameResult } from './messages.js';

/** Decodes JPEGs one at a time. While it works only the newest waits; the others are skipped. */
export class Decoder {
  #busy = false;
  #waiting: FrameResult | null = null;
  readonly #decoded: (bitmap: ImageBitmap, result: FrameResult) => void;
  /** Frames that a newer one overtook. */
  skipped = 0;
  /** Frames that are no picture. */
  broken = 0;

  /** `decoded` owns the bitmap and closes it. */
  constructor(decoded: (bitmap: ImageBitmap, result: FrameResult) => void) {
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
      const bitmap = await decode(next);
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

async function decode({ frame }: FrameResult): Promise<ImageBitmap | null> {
  if (frame === null) return null;
  try {
    return await createImageBitmap(new Blob([frame], { type: 'image/jpeg' }));
  } catch {
    return null;
  }
}
