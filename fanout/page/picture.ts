import { Decoder } from './decoder.js';
import { draw } from './draw.js';
import { copyOf, find } from './element.js';
import type { Filter } from './filter.js';
import type { FrameResult } from './messages.js';
import { Rate } from './rate.js';
import { Trail } from './trail.js';

/** A canvas with the newest frame of a session and the boxes that belong to that very frame. */
export class Picture {
  readonly element = copyOf('picture');
  readonly rate = new Rate();
  readonly #canvas = find(this.element, 'canvas', HTMLCanvasElement);
  readonly #context = this.#canvas.getContext('2d', { alpha: true });
  readonly #decoder = new Decoder(
    (result) => this.#neededSize(result),
    (bitmap, result) => {
      if (this.#follower === null) this.#show(bitmap, result);
      else bitmap.close();
    },
  );
  readonly #trail = new Trail();
  readonly #resizes = new ResizeObserver(() => this.#resize());
  readonly #filter: Filter;
  #bitmap: ImageBitmap | null = null;
  #shown: FrameResult | null = null;
  #follower: ((result: FrameResult) => void) | null = null;
  #dimmed = false;
  /** What was shown before another's boxes were drawn over it. */
  #shownLive: FrameResult | null = null;
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

  /** How wide pictures are shown, in pixels, in steps of 32; null while a video takes their place. */
  get neededWidth(): number | null {
    if (this.#follower !== null && !this.#dimmed) return null;
    const { width, height } = this.#canvas;
    const frame = this.#shown ?? { width, height };
    const shown = Math.min(width, (height * frame.width) / frame.height);
    return Math.max(Math.round(shown / 32) * 32, 32);
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
   * From now on `follower` gets the results, and says by `showBoxes` which are drawn, over nothing, for a video
   * is under the canvas; with `keepPicture` over the last picture, dimmed. With null frames are shown again.
   */
  follow(follower: ((result: FrameResult) => void) | null, keepPicture = false): void {
    this.#follower = follower;
    if (this.#dimmed) this.#shown = this.#shownLive;
    this.#dimmed = follower !== null && keepPicture;
    this.#shownLive = this.#shown;
    if (follower !== null && !keepPicture) {
      this.#bitmap?.close();
      this.#bitmap = null;
    }
    this.repaint();
    if (follower === null && this.#bitmap === null && this.#shown !== null) this.push(this.#shown);
  }

  showBoxes(result: FrameResult): void {
    if (result !== this.#shown) this.#show(this.#dimmed ? this.#bitmap : null, result);
  }

  /** Draws the same frame again, after the filter or the size changed. */
  repaint(): void {
    if (this.#shown === null || this.#context === null) return;
    const filter = this.#filter;
    const drawn = {
      bitmap: this.#bitmap,
      dimmed: this.#dimmed,
      frame: this.#shown,
      detections: filter.apply(this.#shown.detections),
      trail: filter.trails
        ? this.#trail.results.map(({ detections }) => filter.apply(detections))
        : [],
      labels: filter.labels,
    };
    draw(this.#context, drawn, this.#canvas.width / Math.max(this.#canvas.clientWidth, 1));
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
    if (bitmap !== this.#bitmap) this.#bitmap?.close();
    this.#bitmap = bitmap;
    this.#shown = result;
    this.#trail.push(result);
    this.rate.count();
    this.repaint();
  }

  /** The size at which a frame is drawn; its own where that is smaller. */
  #neededSize({ width, height }: FrameResult): readonly [width: number, height: number] {
    const { width: across, height: down } = this.#canvas;
    const scale = Math.min(across / width, down / height);
    return scale >= 0.9 ? [0, 0] : [Math.round(width * scale), Math.round(height * scale)];
  }

  #resize(): void {
    this.#canvas.width = Math.max(Math.round(this.#canvas.clientWidth * devicePixelRatio), 1);
    this.#canvas.height = Math.max(Math.round(this.#canvas.clientHeight * devicePixelRatio), 1);
    this.repaint();
  }
}
