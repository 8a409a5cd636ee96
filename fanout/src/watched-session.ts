import type { DetectionEvent, Frame, SessionEntry } from '@framebus/contract';
import type { Counters } from './counters.js';
import { drawingQueue } from './drawing.js';
import { FrameCache } from './frame-cache.js';
import { FrameResult } from './frame-result.js';
import type { Labels } from './labels.js';
import type { Message } from './message.js';
import { Order } from './order.js';
import type { PictureQueue } from './picture-queue.js';
import { isWider } from './picture-width.js';
import { scalingQueue } from './scaling.js';
import type { Viewer } from './viewer.js';

export interface WatchedSessionOptions {
  readonly reorderMs: number;
  readonly labels: Labels;
  readonly counters: Counters;
  readonly onSent: (ageMs: number) => void;
  /** Begins to call `addFrame` with each frame of the session; returns the end of it. */
  readonly subscribeFrames: () => () => void;
}

/** A session that someone watches: events in, put in order, paired with their frames, out to its viewers. */
export class WatchedSession implements Disposable {
  readonly #viewers = new Set<Viewer>();
  readonly #frames = new FrameCache();
  readonly #order: Order<DetectionEvent>;
  readonly #drawing: PictureQueue;
  /** By width. */
  readonly #scaling = new Map<number, PictureQueue>();
  readonly #options: WatchedSessionOptions;
  #entry: SessionEntry | undefined;
  #unsubscribeFrames: (() => void) | undefined;

  constructor(entry: SessionEntry | undefined, options: WatchedSessionOptions) {
    const { reorderMs, labels, counters } = options;
    this.#entry = entry;
    this.#options = options;
    this.#order = new Order(reorderMs, (event) => this.#release(event), counters);
    this.#drawing = drawingQueue(
      labels,
      (result) => this.#sendFrame(result, (viewer) => needsDrawing(viewer)),
      counters,
    );
  }

  get viewers(): ReadonlySet<Viewer> {
    return this.#viewers;
  }

  /** The newest event that viewers were sent. */
  get last(): DetectionEvent | undefined {
    return this.#order.last;
  }

  add(viewer: Viewer): void {
    this.#viewers.add(viewer);
    this.#followFrames();
  }

  /** To be called when a viewer changed what it wants. */
  viewChanged(): void {
    this.#followFrames();
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#followFrames();
  }

  addEvent(event: DetectionEvent): void {
    this.#order.push(event);
  }

  addFrame(frame: Frame): void {
    this.#frames.add(frame);
  }

  /** The JPEG of that frame, if it is still here. */
  jpeg(frameIndex: number): Uint8Array | undefined {
    return this.#frames.jpeg(frameIndex);
  }

  /** To every viewer, whatever it has waiting. */
  send(message: Message): void {
    for (const viewer of this.#viewers) viewer.send(message);
  }

  /** Takes note of what is wanted now. With a new start time frame indexes may begin anew. */
  setEntry(entry: SessionEntry | undefined): void {
    if (entry && this.#entry && entry.start_time !== this.#entry.start_time) this.#restart();
    // A removed session's entry is kept, to be compared with that of its successor.
    this.#entry = entry ?? this.#entry;
    this.#followFrames();
  }

  #restart(): void {
    this.#order.reset();
    this.#frames.clear();
    for (const viewer of this.#viewers) viewer.restartFrames();
  }

  get #draws(): boolean {
    return this.#entry?.spec.enable_drawing ?? false;
  }

  #release(event: DetectionEvent): void {
    const jpeg = this.#frames.jpeg(event.frame_index) ?? null;
    if (jpeg === null && this.#unsubscribeFrames) this.#options.counters.unpaired += 1;
    const result = new FrameResult(event, jpeg, this.#options.counters);
    this.#sendFrame(result, (viewer) => !needsDrawing(viewer) && widthOf(viewer) === null);
    if ([...this.#viewers].some(needsDrawing)) {
      this.#drawing.push(result, jpeg !== null && this.#draws);
    }
    for (const width of new Set([...this.#viewers].map(widthOf))) {
      if (width === null) continue;
      this.#scaled(width).push(result, jpeg !== null && isWider(event.width, width));
    }
  }

  #scaled(width: number): PictureQueue {
    const known = this.#scaling.get(width);
    if (known) return known;
    const deliver = (result: FrameResult) =>
      this.#sendFrame(result, (viewer) => widthOf(viewer) === width);
    const queue = scalingQueue(width, deliver, this.#options.counters);
    this.#scaling.set(width, queue);
    return queue;
  }

  #sendFrame(result: FrameResult, isFor: (viewer: Viewer) => boolean): void {
    let sent = false;
    for (const viewer of this.#viewers) {
      if (!isFor(viewer)) continue;
      viewer.sendFrame(result);
      sent = true;
    }
    if (sent) this.#options.onSent(Date.now() - result.event.captured_at);
  }

  /** Frames are subscribed only while a viewer gets them, drawn or as they are. */
  #followFrames(): void {
    const wanted = [...this.#viewers].some(
      ({ view }) => view.pictures && (view.format === 'msgpack' || this.#draws),
    );
    if (wanted && !this.#unsubscribeFrames) {
      this.#unsubscribeFrames = this.#options.subscribeFrames();
    } else if (!wanted && this.#unsubscribeFrames) {
      this.#unsubscribeFrames();
      this.#unsubscribeFrames = undefined;
      this.#frames.clear();
    }
  }

  [Symbol.dispose](): void {
    this.#unsubscribeFrames?.();
    this.#unsubscribeFrames = undefined;
    this.#order[Symbol.dispose]();
  }
}

function needsDrawing({ view }: Viewer): boolean {
  return view.format === 'json' && view.pictures;
}

/** To which pictures are scaled for a viewer; null: it gets none, or as they are. */
function widthOf({ view }: Viewer): number | null {
  return view.format === 'msgpack' && view.pictures ? view.width : null;
}
