import { backoffMs } from './backoff.js';
import { tKnown } from './language.js';
import { readMessage, type StreamMessage } from './messages.js';

/** Pictures that are wanted: how wide they are shown, in pixels. */
export interface Wanted {
  readonly width: number;
}

export type SocketState = 'closed' | 'connecting' | 'open' | 'waiting';

/** The messages of one session. After a loss it connects again by itself, 0.5 s to 10 s later. */
export class StreamSocket {
  readonly #sessionId: string;
  readonly #key: string;
  readonly #received: (message: StreamMessage) => void;
  #socket: WebSocket | null = null;
  #timer: number | undefined;
  #failures = 0;
  #wanted: Wanted | null = null;
  /** `waiting` is between two tries. */
  state: SocketState = 'closed';
  /** When the next try is, in ms since the epoch. */
  retryAt = 0;
  /** Why the server closed the last connection; empty when it did not. */
  reason = '';

  constructor(sessionId: string, key: string, received: (message: StreamMessage) => void) {
    this.#sessionId = sessionId;
    this.#key = key;
    this.#received = received;
    window.addEventListener('online', this.#retryNow);
  }

  /** Connects; with null the frames' JPEGs are left out. Once connected it only says what is wanted from now on. */
  open(wanted: Wanted | null): void {
    const changed = wanted?.width !== this.#wanted?.width;
    this.#wanted = wanted;
    if (this.state === 'closed') this.#connect();
    else if (this.state === 'open' && changed) this.#say();
  }

  close(): void {
    this.#drop();
    this.state = 'closed';
  }

  dispose(): void {
    window.removeEventListener('online', this.#retryNow);
    this.close();
  }

  readonly #retryNow = (): void => {
    if (this.state === 'waiting') this.#connect();
  };

  #connect(): void {
    this.#drop();
    this.state = 'connecting';
    const asked = this.#wanted;
    const socket = new WebSocket(this.#address(), ['msgpack']);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.state = 'open';
      if (this.#wanted?.width !== asked?.width) this.#say();
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#failures = 0;
      this.#received(readMessage(data));
    };
    socket.onclose = ({ code, reason }) => this.#wait(tKnown(`closed.${code}`, {}, reason));
  }

  #say(): void {
    const view =
      this.#wanted === null ? { frames: 'none' } : { frames: 'all', max_width: this.#wanted.width };
    this.#socket?.send(JSON.stringify({ type: 'view', ...view }));
  }

  #wait(reason: string): void {
    this.#drop();
    this.#failures += 1;
    this.reason = reason;
    this.state = 'waiting';
    const waitMs = backoffMs(this.#failures);
    this.retryAt = Date.now() + waitMs;
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #address(): URL {
    const address = new URL(`/ws/stream/${encodeURIComponent(this.#sessionId)}`, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('apikey', this.#key);
    if (this.#wanted === null) address.searchParams.set('frames', 'none');
    else address.searchParams.set('max_width', String(this.#wanted.width));
    return address;
  }
}
