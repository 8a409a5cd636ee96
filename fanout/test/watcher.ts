import { once } from 'node:events';
import { until } from '@framebus/test';
import { unpack } from 'msgpackr';
import { WebSocket } from 'ws';
import type { Detector } from './detector.js';

/** Shapes are what the tests check. */
export type Received = any;

/** A viewer of the WebSocket that keeps what it gets. */
export class Watcher implements Disposable {
  readonly socket: WebSocket;
  readonly messages: Received[] = [];
  /** performance.now() at each message. */
  readonly times: number[] = [];
  closed: { code: number; reason: string } | undefined;

  constructor(url: string, path: string, protocols: string[] = []) {
    this.socket = new WebSocket(url.replace('http', 'ws') + path, protocols);
    this.socket.on('message', (data: Buffer, isBinary) => {
      this.times.push(performance.now());
      this.messages.push(isBinary ? unpack(data) : JSON.parse(data.toString()));
    });
    this.socket.on('error', () => {});
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** Open, and greeted with the session's status. */
  static async open(url: string, path: string, protocols: string[] = []): Promise<Watcher> {
    const watcher = new Watcher(url, path, protocols);
    await once(watcher.socket, 'open');
    await watcher.next('status');
    return watcher;
  }

  of(type: string): Received[] {
    return this.messages.filter((message) => message.type === type);
  }

  get indexes(): number[] {
    return this.of('frame_result').map((message) => message.frame_index);
  }

  /** The first message of a type. */
  next(type: string): Promise<Received> {
    return until(`a message of type ${type}`, () => this.of(type)[0]);
  }

  frame(index: number): Promise<Received> {
    return until(`frame ${index}`, () =>
      this.of('frame_result').find((message) => message.frame_index === index),
    );
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** Resolves once fanout follows what is wanted and seen of sessions, as it does a while after NATS came back. */
export async function statesFollowed(url: string, detector: Detector): Promise<void> {
  const state = { session_id: 'followed', status: 'running', owner: 'a', frame_count: 3, fps: 10 };
  const more = { drops: {}, last_error: null, width: 800, height: 450 };
  await detector.want('followed');
  await until('states are followed', async () => {
    const text = JSON.stringify({ ...state, ...more });
    await detector.bus.bucket('session-state').put('followed', text);
    using watcher = await Watcher.open(url, '/ws/stream/followed');
    return watcher.of('stream_info').length === 1 && watcher.of('status')[0].status === 'running';
  });
}
