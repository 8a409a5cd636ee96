import { unpack } from 'msgpackr';
import { WebSocket } from 'ws';

/** What the page waits at first. */
const againMs = 500;

interface Result {
  readonly type: string;
  readonly frame_index: number;
  /** ms since the epoch in MessagePack, absent in JSON. */
  readonly captured_at?: number;
  readonly timestamp: number;
}

/** A viewer that connects again whenever it is cut off, as the page does, and looks at the order of what it gets. */
export class Watcher {
  results = 0;
  /** Frames that came after a later one, and those that came twice. */
  orderBreaks = 0;
  repeats = 0;
  reconnects = 0;
  /** When its newest result was captured, in ms since the epoch. */
  capturedAt = 0;
  readonly session: string;
  readonly #url: string;
  readonly #protocol: string;
  #lastIndex = 0;
  #closed = false;
  #socket: WebSocket | undefined;

  constructor(url: string, session: string, protocol: 'json' | 'msgpack') {
    this.session = session;
    this.#url = url;
    this.#protocol = protocol;
    this.#connect();
  }

  #connect(): void {
    if (this.#closed) return;
    const socket = new WebSocket(this.#url, this.#protocol, { handshakeTimeout: 2_000 });
    this.#socket = socket;
    socket.on('message', (data: Buffer, binary) => {
      const message = (binary ? unpack(data) : JSON.parse(data.toString())) as Result;
      if (message.type === 'frame_result') this.#take(message);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.reconnects += 1;
      setTimeout(() => this.#connect(), againMs);
    });
  }

  #take({ frame_index, captured_at, timestamp }: Result): void {
    this.results += 1;
    if (frame_index === this.#lastIndex) this.repeats += 1;
    else if (frame_index < this.#lastIndex) this.orderBreaks += 1;
    this.#lastIndex = Math.max(this.#lastIndex, frame_index);
    this.capturedAt = captured_at ?? timestamp * 1_000;
  }

  close(): void {
    this.#closed = true;
    this.#socket?.terminate();
  }
}
