import { Decoder } from './decoder.js';
import { draw } from './draw.js';
import { copyOf, find } from './element.js';
import type { Filter } from './filter.js';
import type { FrameResult } from './messages.js';
import { Rate } from './rate.js';

/** A canvas with the newest frame of a session and the boxes that belong to that very frame. */
export class Picture {
  readonly element = copyOf('picture');
  readonly rate = new Rate();
  readonly #canvas = find(this.element, 'canvas', HTMLCanvasElement);
  readonly #context = this.#canvas.getContext('2d', { alpha: true });
  readonly #decoder = new Decoder((bitmap, result) => {
    if (this.#follower === null) this.#show(bitmap, result);
    else bitmap.close();
  });
  readonly #resizes = new ResizeObserver(() => this.#resize());
  readonly #filter: Filter;
  #bitmap: ImageBitmap | null = null;
  #shown: FrameResult | null = null;
  #follower: ((result: FrameResult) => void) | null = null;
  #disposed = false;

  constructor(sessionId: string, filter: Filter) {
    this.#filter = filter;
    this.#canvas.dataset['session'] = sessionId;
    this.#resizes.observe(this.#canvas);
  }

  /** The frame on the canvas. */
  get shown(): FrameResult | null {
    return this.#shown;
  }

  /** Frames that came faster than they could be decoded. */
  get skipped(): number {
    return this.#decoder.skipped;
  }

  /** A result without a picture is drawn only where no picture ever was: boxes stay with their frame. */
  push(result: FrameResult): void {
    if (this.#follower !== null) this.#follower(result);
    else if (result.frame !== null) this.#decoder.push(result);
    else if (this.#bitmap === null) this.#show(null, result);
  }

  /**
   * From now on `follower` gets the results, and says by `showBoxes` which are drawn, over nothing:
   * a video is under the canvas. With null frames are shown again, from the one that the boxes were of.
   */
  follow(follower: ((result: FrameResult) => void) | null): void {
    this.#follower = follower;
    this.#bitmap?.close();
    this.#bitmap = null;
    this.repaint();
    if (follower === null && this.#shown !== null) this.push(this.#shown);
  }

  showBoxes(result: FrameResult): void {
    if (result !== this.#shown) this.#show(null, result);
  }

  /** Draws the same frame again, after the filter or the size changed. */
  repaint(): void {
    if (this.#shown === null || this.#context === null) return;
    const detections = this.#filter.apply(this.#shown.detections);
    const pixelRatio = this.#canvas.width / Math.max(this.#canvas.clientWidth, 1);
    draw(this.#context, this.#bitmap, this.#shown, detections, pixelRatio);
    this.#canvas.dataset['frameIndex'] = String(this.#shown.frame_index);
  }

  describe(words: string): void {
    if (this.#canvas.ariaLabel !== words) this.#canvas.ariaLabel = words;
  }

  dispose(): void {
    this.#disposed = true;
    this.#resizes.disconnect();
    this.#bitmap?.close();
    this.element.remove();
  }

  #show(bitmap: ImageBitmap | null, result: FrameResult): void {
    if (this.#disposed) {
      bitmap?.close();
      return;
    }
    this.#bitmap?.close();
    this.#bitmap = bitmap;
    this.#shown = result;
    this.rate.count();
    this.repaint();
  }

  #resize(): void {
    this.#canvas.width = Math.max(Math.round(this.#canvas.clientWidth * devicePixelRatio), 1);
    this.#canvas.height = Math.max(Math.round(this.#canvas.clientHeight * devicePixelRatio), 1);
    this.repaint();
  }
}
