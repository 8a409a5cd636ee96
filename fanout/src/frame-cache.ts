import type { Frame } from '@framebus/contract';

const maxFrames = 32;
const maxBytes = 16 * 1024 * 1024;

/** The newest frames of one session, at most 32 and 16 MiB, kept until their events come. Oldest are dropped. */
export class FrameCache {
  readonly #frames = new Map<number, Frame>();
  #bytes = 0;

  get size(): number {
    return this.#frames.size;
  }

  add(frame: Frame): void {
    this.#remove(frame.frameIndex);
    // A copy: the message is a view of the connection's much larger read buffer.
    this.#frames.set(frame.frameIndex, { ...frame, jpeg: Buffer.from(frame.jpeg) });
    this.#bytes += frame.jpeg.length;
    for (const index of this.#frames.keys()) {
      if (this.#frames.size <= maxFrames && this.#bytes <= maxBytes) break;
      this.#remove(index);
    }
  }

  /** The JPEG of that frame, if it is still here. */
  jpeg(frameIndex: number): Uint8Array | undefined {
    return this.#frames.get(frameIndex)?.jpeg;
  }

  clear(): void {
    this.#frames.clear();
    this.#bytes = 0;
  }

  #remove(frameIndex: number): void {
    this.#bytes -= this.#frames.get(frameIndex)?.jpeg.length ?? 0;
    this.#frames.delete(frameIndex);
  }
}
