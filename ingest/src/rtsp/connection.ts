import { connect as connectTcp, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CameraError, cameraErrorOf } from '../camera-error.js';
import { MessageReader, type RtspMessage, statusOf } from './message.js';

export interface ConnectionOptions {
  /** ms for connecting, and for each answer. */
  readonly timeoutMs: number;
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
const ports: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

/**
 * One RTSP 1.0 connection. The first thing that goes wrong ends it, and is what `failed` and every request
 * reject with. Certificates of rtsps are not checked, as ffmpeg does not by default: cameras sign their own.
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
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(url.port) || (ports[url.protocol] ?? 554);
    const secure = url.protocol === 'rtsps:';
    const name = isIPv6(host) || /^[\d.]+$/.test(host) ? {} : { servername: host };
    const socket = secure
      ? connectTls({ host, port, rejectUnauthorized: false, ...name })
      : connectTcp({ host, port });
    const connection = new RtspConnection(socket, options, onPacket);
    const late = setTimeout(() => connection.fail(cameraErrorOf('timed out')), options.timeoutMs);
    const stop = () => connection.fail(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    const connected = new Promise<void>((resolve) => {
      socket.once(secure ? 'secureConnect' : 'connect', resolve);
    });
    try {
      await Promise.race([connected, connection.failed]);
      return connection;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
    }
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

/** ffmpeg's words for what went wrong with a socket, which `cameraErrorOf` knows. */
function wordsOf(error: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'Connection refused',
    ENOTFOUND: 'Name or service not known',
    EAI_AGAIN: 'Name or service not known',
    EHOSTUNREACH: 'No route to host',
    ENETUNREACH: 'Network is unreachable',
    ETIMEDOUT: 'timed out',
    ECONNRESET: '',
    EPIPE: '',
  };
  const code = error.code ?? '';
  return words[code] ?? (/SSL|TLS|EPROTO/.test(code) ? 'TLS' : error.message);
}
