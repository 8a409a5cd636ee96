import { backoffMs } from './backoff.js';
import { readMessage, type StreamMessage } from './messages.js';

export type SocketState = 'closed' | 'connecting' | 'open' | 'waiting';

/** The messages of one session. After a loss it connects again by itself, 0.5 s to 10 s later. */
export class StreamSocket {
  readonly #sessionId: string;
  readonly #key: string;
  readonly #received: (message: StreamMessage) => void;
  #socket: WebSocket | null = null;
  #timer: number | undefined;
  #failures = 0;
  #pictures = true;
  /** `waiting` is between two tries. */
  state: SocketState = 'closed';
  /** When the next try is, in ms since the epoch. */
  retryAt = 0;
  /** Why the server closed the last connection; empty when it did not say. */
  reason = '';

  constructor(sessionId: string, key: string, received: (message: StreamMessage) => void) {
    this.#sessionId = sessionId;
    this.#key = key;
    this.#received = received;
    window.addEventListener('online', this.#retryNow);
  }

  /** Connects; with `pictures` false the frames' JPEGs are left out. Does nothing when it is so already. */
  open(pictures: boolean): void {
    if (this.state !== 'closed' && pictures === this.#pictures) return;
    this.#pictures = pictures;
    this.#connect();
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
    const socket = new WebSocket(this.#address(), ['msgpack']);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.state = 'open';
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#failures = 0;
      this.#received(readMessage(data));
    };
    socket.onclose = ({ reason }) => this.#wait(reason);
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
    if (!this.#pictures) address.searchParams.set('frames', 'none');
    return address;
  }
}
