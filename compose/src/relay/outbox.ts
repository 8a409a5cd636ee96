import type { Socket } from 'node:net';

/** What one waiting buffer costs besides its bytes, so that many tiny ones are bounded too. */
const bookkeepingBytes = 256;
/** Small enough that a slow client shows progress, large enough for one system call per many packets. */
const batchBytes = 64 * 1024;

/**
 * What waits to be sent to one client. Batches go to the socket one at a time, so that the length
 * of the queue is known here. Replies are always taken, packets only while there is room; the
 * caller drops those that are refused, so what waits is bounded by `maxBytes` and one message.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #maxBytes: number;
  readonly #onProgress: () => void;
  #waiting: Buffer[] = [];
  #queuedBytes = 0;
  #sending = false;
  #closed = false;
  /** When bytes were last handed over, or when the first began to wait (ms, `performance.now`). */
  progressAt = performance.now();

  constructor(socket: Socket, maxBytes: number, onProgress: () => void) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    this.#onProgress = onProgress;
  }

  /** Bytes that the socket has not taken, bookkeeping included. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get hasRoom(): boolean {
    return this.#queuedBytes < this.#maxBytes;
  }

  /** Less than half full: room for a key frame and what follows. */
  get hasDrained(): boolean {
    return this.#queuedBytes < this.#maxBytes / 2;
  }

  /** How long nothing of what waits was taken, in ms; 0 when nothing waits. */
  stuckMs(now: number): number {
    return this.#sending ? now - this.progressAt : 0;
  }

  send(bytes: Buffer): void {
    if (this.#closed) return;
    this.#waiting.push(bytes);
    this.#queuedBytes += bytes.length + bookkeepingBytes;
    if (this.#sending) return;
    this.progressAt = performance.now();
    this.#flush();
  }

  /** Forgets what waits; the batch in the socket still goes out. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #flush(): void {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    this.#sending = true;
    const size = batch.reduce((sum, { length }) => sum + length + bookkeepingBytes, 0);
    this.#socket.cork();
    batch.forEach((bytes, index) => {
      if (index < batch.length - 1) this.#socket.write(bytes);
      else this.#socket.write(bytes, (error) => this.#sent(size, error));
    });
    this.#socket.uncork();
  }

  #takeBatch(): Buffer[] {
    let size = 0;
    const end = this.#waiting.findIndex((bytes) => {
      size += bytes.length;
      return size >= batchBytes;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end + 1);
  }

  #sent(size: number, error: Error | null | undefined): void {
    this.#sending = false;
    this.#queuedBytes -= size;
    if (error || this.#closed) return;
    this.progressAt = performance.now();
    this.#flush();
    this.#onProgress();
  }
}
