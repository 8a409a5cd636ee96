import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Backlog } from './backlog.js';
import type { Counters } from './counters.js';
import type { FrameResult } from './frame-result.js';
import { Message, type View } from './message.js';
import { readViewMessage, ViewMessageError } from './view-message.js';

/** https://www.iana.org/assignments/websocket/websocket.xhtml */
export const closeCodes = { restart: 1012, tryAgainLater: 1013 } as const;
const terminateMs = 2_000;

export interface ViewerLimits {
  readonly maxBufferedBytes: number;
  readonly viewerBehindMs: number;
}

/**
 * One WebSocket client of a session.
 * With more than `maxBufferedBytes` waiting it skips frame results, never anything else; it is closed with 1013
 * when it stays so for `viewerBehindMs`, or when what it must not miss makes twice as many bytes wait.
 */
export class Viewer {
  /** Frame results that it did not get. */
  skipped = 0;
  #view: View;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #limits: ViewerLimits;
  readonly #counters: Counters;
  #behindSince: number | undefined;
  #lastFrameIndex = 0;
  #backlog: Backlog | undefined;
  #answered = true;

  /** @param stream what the socket writes to; data frames go there directly, framed once for all viewers */
  constructor(
    socket: WebSocket,
    stream: Duplex,
    view: View,
    limits: ViewerLimits,
    counters: Counters,
  ) {
    this.#socket = socket;
    this.#stream = stream;
    this.#view = view;
    this.#limits = limits;
    this.#counters = counters;
    socket.on('pong', () => {
      this.#answered = true;
    });
    // A 'close' follows.
    socket.on('error', () => {});
  }

  /** What it wants at present. */
  get view(): View {
    return this.#view;
  }

  /** Calls `changed` after each change of the view that the viewer asks for; what is wrong is told to it. */
  onView(changed: () => void, wrong: (message: string) => void): void {
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) return;
      try {
        const change = readViewMessage(data.toString());
        if (change === undefined) return;
        this.#view = { ...this.#view, ...change };
        changed();
      } catch (error) {
        if (!(error instanceof ViewMessageError)) throw error;
        wrong(error.message);
      }
    });
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  /** Alerts, status and the like. */
  send(message: Message): void {
    this.#write(message.frame(this.view.format));
  }

  /** The same, to this viewer alone. */
  sendBody(body: object): void {
    this.send(new Message(body, this.#counters));
  }

  sendFrame(result: FrameResult): void {
    const { frame_index } = result.event;
    if (!this.open || frame_index <= this.#lastFrameIndex) return;
    if (this.#backlog) {
      this.#backlog.add(frame_index, result.frame({ ...this.view, pictures: false }));
      return;
    }
    if (this.#isBehind()) {
      this.skipped += 1;
      this.#counters.skipped += 1;
      return;
    }
    this.#lastFrameIndex = frame_index;
    this.#write(result.frame(this.view));
  }

  /** From now on frame results wait until `endReplay`. */
  beginReplay(): void {
    this.#backlog = new Backlog();
  }

  /** A frame result out of history. Resolves when there is room for the next. */
  async replay(result: FrameResult): Promise<void> {
    // History may not have what came live a moment ago.
    this.#writeNew(this.#backlog?.takeBelow(result.event.frame_index) ?? []);
    this.#lastFrameIndex = result.event.frame_index;
    const frame = result.frame({ ...this.view, pictures: false });
    if (this.#socket.bufferedAmount < this.#limits.maxBufferedBytes / 2) {
      this.#write(frame);
      return;
    }
    const timer = setTimeout(() => this.#closeBehind(), this.#limits.viewerBehindMs);
    await new Promise<void>((resolve) => this.#write(frame, resolve));
    clearTimeout(timer);
  }

  endReplay(): void {
    const waiting = this.#backlog?.entries ?? [];
    this.#backlog = undefined;
    this.#writeNew(waiting);
  }

  /** The session's frame indexes start again. */
  restartFrames(): void {
    this.#lastFrameIndex = 0;
  }

  /** To be called at a steady pace: ends a viewer that did not answer the ping before. */
  ping(): void {
    if (!this.#answered) {
      this.#counters.lost += 1;
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    if (this.open) this.#socket.ping();
  }

  /** Closes with at most 123 bytes of reason; a viewer that does not take part is cut off 2 s later. */
  close(code: number, reason: string): void {
    if (!this.open) return;
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), terminateMs);
    this.onClose(() => clearTimeout(timer));
  }

  #isBehind(): boolean {
    if (this.#socket.bufferedAmount <= this.#limits.maxBufferedBytes) {
      this.#behindSince = undefined;
      return false;
    }
    this.#behindSince ??= performance.now();
    const behindMs = performance.now() - this.#behindSince;
    if (behindMs >= this.#limits.viewerBehindMs) this.#closeBehind();
    return true;
  }

  #closeBehind(): void {
    if (!this.open) return;
    this.#counters.closedBehind += 1;
    const { maxBufferedBytes } = this.#limits;
    this.close(
      closeCodes.tryAgainLater,
      `too slow: more than ${maxBufferedBytes} bytes kept waiting for this viewer`,
    );
  }

  #writeNew(entries: Backlog['entries']): void {
    for (const { frameIndex, frame } of entries) {
      if (frameIndex <= this.#lastFrameIndex) continue;
      this.#lastFrameIndex = frameIndex;
      this.#write(frame);
    }
  }

  #write(frame: Buffer, onWritten?: () => void): void {
    if (this.open && this.#socket.bufferedAmount > 2 * this.#limits.maxBufferedBytes) {
      this.#closeBehind();
    }
    if (!this.open) {
      onWritten?.();
      return;
    }
    this.#counters.sent += 1;
    this.#counters.sentBytes += frame.length;
    this.#stream.write(frame, onWritten && (() => onWritten()));
  }
}
