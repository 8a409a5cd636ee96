import { frameHeaderBytes, type InterleavedFrame, parseHead, type RtspRequest } from './message.js';
import { RtspError } from './status.js';

const dollar = 0x24;
const [cr, lf] = [0x0d, 0x0a];
const headEnd = '\r\n\r\n';
const smallestHeldBytes = 4096;

/**
 * Cuts a connection's bytes into requests and interleaved frames, however the chunks fall.
 * Holds at most one unfinished message, bounded by the limits, and the newest chunk.
 */
export class RtspParser {
  readonly #maxHeaderBytes: number;
  readonly #maxBodyBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** False while the buffer is a chunk of the socket, in which nothing may be written. */
  #owned = false;

  constructor(limits: { readonly maxHeaderBytes: number; readonly maxBodyBytes: number }) {
    this.#maxHeaderBytes = limits.maxHeaderBytes;
    this.#maxBodyBytes = limits.maxBodyBytes;
  }

  push(chunk: Buffer): void {
    const left = this.#end - this.#start;
    if (left === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#buffer.length - this.#end < chunk.length) {
      const grown = Buffer.allocUnsafe(Math.max(smallestHeldBytes, 2 * (left + chunk.length)));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = left;
      this.#owned = true;
    }
    this.#end += chunk.copy(this.#buffer, this.#end);
  }

  /**
   * The next whole message, or undefined until more bytes come.
   * @throws RtspError 400, 413 or 505; where the next message would begin is then unknown
   */
  next(): RtspRequest | InterleavedFrame | undefined {
    this.#skipEmptyLines();
    if (this.#start === this.#end) return undefined;
    return this.#buffer[this.#start] === dollar ? this.#frame() : this.#request();
  }

  #skipEmptyLines(): void {
    while (this.#start < this.#end) {
      const byte = this.#buffer[this.#start];
      if (byte !== cr && byte !== lf) return;
      this.#start += 1;
    }
  }

  #frame(): InterleavedFrame | undefined {
    const left = this.#end - this.#start;
    if (left < frameHeaderBytes) return undefined;
    const size = frameHeaderBytes + this.#buffer.readUInt16BE(this.#start + 2);
    if (left < size) return undefined;
    // A copy of its own size: a queued packet must not keep the whole chunk alive.
    const bytes = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(bytes, 0, this.#start, this.#start + size);
    this.#start += size;
    return { kind: 'frame', channel: bytes.readUInt8(1), bytes };
  }

  #request(): RtspRequest | undefined {
    const first = this.#buffer.readUInt8(this.#start);
    if (first < 0x41 || first > 0x5a) throw new RtspError(400, 'neither a request nor a frame');
    const unread = this.#buffer.subarray(this.#start, this.#end);
    const headBytes = unread.subarray(0, this.#maxHeaderBytes).indexOf(headEnd);
    if (headBytes === -1) {
      if (unread.length < this.#maxHeaderBytes) return undefined;
      throw new RtspError(413, `headers over ${this.#maxHeaderBytes} bytes`);
    }
    const head = parseHead(unread.toString('latin1', 0, headBytes));
    const bodyStart = headBytes + headEnd.length;
    const bodyEnd = bodyStart + this.#bodyBytes(head);
    if (unread.length < bodyEnd) return undefined;
    this.#start += bodyEnd;
    return { ...head, body: unread.toString('latin1', bodyStart, bodyEnd) };
  }

  #bodyBytes({ headers }: RtspRequest): number {
    const length = headers.get('content-length') ?? '0';
    if (!/^\d{1,10}$/.test(length)) throw new RtspError(400, 'Content-Length is wrong');
    if (Number(length) > this.#maxBodyBytes) {
      throw new RtspError(413, `body over ${this.#maxBodyBytes} bytes`);
    }
    return Number(length);
  }
}
