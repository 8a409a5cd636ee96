import type { Socket } from 'node:net';
import { CameraError, cameraErrorOf } from '../camera-error.js';
import { type ConnectOptions, connectCamera, wordsOf } from './connect.js';
import { MessageReader, type RtspMessage, statusOf } from './message.js';

export interface ConnectionOptions extends ConnectOptions {
  /** ms after which a camera that sends nothing at all is given up. */
  readonly silenceTimeoutMs: number;
}

interface Pending {
  readonly cseq: number;
  resolve(answer: RtspMessage): void;
  reject(error: Error): void;
}

/** What may wait to be sent; a camera that asks and takes no answers is given up. */
const maxUnsentBytes = 64 * 1024;
const closeWaitMs = 500;
const dollar = 0x24;

/**
 * One RTSP 1.0 connection. The first thing that goes wrong ends it, and is what `failed` and every request
 * reject with.
 */
export class RtspConnection {
  /** Rejects with a CameraError, once. */
  readonly failed: Promise<never>;
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #reader = new MessageReader();
  readonly #onPacket: (channel: number, bytes: Buffer) => void;
  #reject: (error: Error) => void = () => {};
  #error: Error | undefined;
  #pending: Pending | undefined;
  #cseq = 0;

  private constructor(
    socket: Socket,
    options: ConnectionOptions,
    onPacket: (channel: number, bytes: Buffer) => void,
  ) {
    this.#socket = socket;
    this.#timeoutMs = options.timeoutMs;
    this.#onPacket = onPacket;
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => {});
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.fail(cameraErrorOf(wordsOf(error))));
    socket.on('close', () => this.fail(cameraErrorOf('')));
    socket.on('end', () => this.fail(cameraErrorOf('')));
    socket.setTimeout(options.silenceTimeoutMs, () => this.fail(cameraErrorOf('timed out')));
  }

  /** @throws CameraError */
  static async open(
    url: URL,
    options: ConnectionOptions,
    onPacket: (channel: number, bytes: Buffer) => void,
    signal: AbortSignal,
  ): Promise<RtspConnection> {
    return new RtspConnection(await connectCamera(url, options, signal), options, onPacket);
  }

  /** Sends a request and waits for its answer, of whatever status. One at a time. */
  async request(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RtspMessage> {
    if (this.#error) throw this.#error;
    const cseq = this.#send(method, url, headers);
    const late = setTimeout(() => this.fail(cameraErrorOf('timed out')), this.#timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending = { cseq, resolve, reject };
      });
    } finally {
      clearTimeout(late);
      this.#pending = undefined;
    }
  }

  /** Sends an RTP or RTCP packet, unless too much waits already. */
  sendPacket(channel: number, bytes: Buffer): void {
    if (this.#error || this.#socket.writableLength > maxUnsentBytes) return;
    this.#socket.write(Buffer.from([dollar, channel, bytes.length >> 8, bytes.length & 0xff]));
    this.#socket.write(bytes);
  }

  /** Takes no more from the camera until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says a last thing, if the camera listens, and closes. */
  async close(last?: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<void> {
    const socket = this.#socket;
    this.fail(cameraErrorOf(''));
    if (socket.destroyed) return;
    if (last && socket.writable) {
      this.#send(last.method, last.url, last.headers);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end();
      const late = setTimeout(() => socket.destroy(), closeWaitMs);
      await closed;
      clearTimeout(late);
    }
    socket.destroy();
  }

  /** Ends the connection; `close` must follow. */
  fail(error: Error): void {
    if (this.#error) return;
    this.#error = error;
    this.#pending?.reject(error);
    this.#reject(error);
  }

  #send(method: string, url: string, headers: Readonly<Record<string, string>>): number {
    this.#cseq += 1;
    const lines = Object.entries({ CSeq: `${this.#cseq}`, 'User-Agent': 'framebus', ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.#socket.write(`${method} ${url} RTSP/1.0\r\n${head}\r\n`);
    return this.#cseq;
  }

  #take(chunk: Buffer): void {
    if (this.#error) return;
    try {
      this.#reader.push(chunk);
      for (let next = this.#reader.next(); next && !this.#error; next = this.#reader.next()) {
        if (next.kind === 'packet') this.#onPacket(next.channel, next.bytes);
        else this.#takeMessage(next);
      }
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #takeMessage(message: RtspMessage): void {
    const cseq = message.headers.get('cseq')?.[0] ?? '';
    if (statusOf(message) === undefined) return this.#answer(message.startLine, cseq);
    if (this.#pending && Number(cseq) === this.#pending.cseq) this.#pending.resolve(message);
  }

  /** Cameras may ask whether we are there; they may ask nothing else. */
  #answer(startLine: string, cseq: string): void {
    const known = /^(?:OPTIONS|GET_PARAMETER|SET_PARAMETER) /.test(startLine);
    if (this.#socket.writableLength > maxUnsentBytes) {
      throw new CameraError('CAMERA_BROKEN', 'camera asks and takes no answers');
    }
    const number = /^\d{1,10}$/.test(cseq) ? `CSeq: ${cseq}\r\n` : '';
    this.#socket.write(`RTSP/1.0 ${known ? '200 OK' : '501 Not Implemented'}\r\n${number}\r\n`);
  }
}
