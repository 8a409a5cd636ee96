import { Rate } from './rate.js';

export interface StreamInfo {
  readonly width: number;
  readonly height: number;
  /** The session's fps, or what the camera gives where that is less. */
  readonly fps: number;
}

/** Rates under this cannot be measured in a few seconds. */
const slowestFps = 1;
const measureAfterMs = 6_000;

/** Tells what a stream is, once it is known and again when its size or (by more than a fifth) its rate changes. */
export class StreamInfoTracker {
  readonly #targetFps: number;
  #rate = new Rate();
  #runSince = performance.now();
  #told: StreamInfo | undefined;

  constructor(targetFps: number) {
    this.#targetFps = targetFps;
  }

  /** The camera is read anew: its rate is measured from here. */
  restart(): void {
    this.#rate = new Rate();
    this.#runSince = performance.now();
  }

  /** Counts a picture. Returns what is to be told, if anything. */
  see(width: number, height: number): StreamInfo | undefined {
    this.#rate.mark();
    const fps = this.#fps();
    const told = this.#told;
    const same = told !== undefined && told.width === width && told.height === height;
    if (same && Math.abs(told.fps - fps) <= told.fps / 5) return undefined;
    this.#told = { width, height, fps };
    return this.#told;
  }

  #fps(): number {
    if (performance.now() - this.#runSince < measureAfterMs) {
      return this.#told?.fps ?? this.#targetFps;
    }
    const measured = this.#rate.perSecond;
    return this.#targetFps < slowestFps || measured > this.#targetFps * 0.9
      ? this.#targetFps
      : measured;
  }
}
