import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@framebus/contract/service';
import { Connection } from './connection.js';
import { defaultLimits, type RelayLimits } from './limits.js';
import { formatReply } from './message.js';
import { Paths } from './paths.js';

export interface RelayOptions extends Partial<RelayLimits> {
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A path that somebody publishes on. */
export interface PathState {
  readonly name: string;
  /** Encodings of its tracks as its SDP names them, in capitals. */
  readonly encodings: readonly string[];
  readonly readers: number;
  readonly inboundBytes: number;
  readonly inboundPackets: number;
  /** Packets that slow readers did not get, each counted once per reader. */
  readonly droppedPackets: number;
  /** What waits for its readers at this moment, all together. */
  readonly queuedBytes: number;
}

/** Starts an RTSP relay (RFC 2326) for live streams: publish and play, RTP inside the TCP connection. */
export async function startRelay(options: RelayOptions, log: Logger): Promise<Relay> {
  const { host, port, ...limits } = options;
  const relay = new Relay({ ...defaultLimits, ...limits }, log);
  await relay.listen(host, port);
  return relay;
}

const longestCheckMs = 1000;

export class Relay implements AsyncDisposable {
  readonly #limits: RelayLimits;
  readonly #log: Logger;
  readonly #paths: Paths;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: RelayLimits, log: Logger) {
    this.#limits = limits;
    this.#log = log;
    this.#paths = new Paths(limits.maxPaths, log);
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(host: string, port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    this.#server.on('error', (error) => this.#log.error({ err: error }, 'accepts nobody for now'));
    const { idleTimeoutMs, publishTimeoutMs, stuckTimeoutMs } = this.#limits;
    const everyMs = Math.min(idleTimeoutMs, publishTimeoutMs, stuckTimeoutMs) / 4;
    this.#timer = setInterval(() => this.#check(), Math.min(longestCheckMs, everyMs));
    this.#log.info({ host, port: this.port }, 'RTSP relay listens');
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  get connections(): number {
    return this.#connections.size;
  }

  paths(): PathState[] {
    return this.#paths.streams.map((stream) => {
      const readers = [...stream.readers];
      return {
        name: stream.name,
        encodings: stream.description.tracks.map(({ encoding }) => encoding),
        readers: readers.length,
        inboundBytes: stream.inboundBytes,
        inboundPackets: stream.inboundPackets,
        droppedPackets: stream.droppedPackets,
        queuedBytes: readers.reduce((sum, { client }) => sum + client.outbox.queuedBytes, 0),
      };
    });
  }

  /** Closes every connection and waits until they are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#connections) connection.destroy('the relay stops');
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#limits.maxConnections) {
      this.#log.warn({ connections: this.#connections.size }, 'too many connections: refused one');
      socket.on('error', () => {}).end(formatReply({ status: 503 }, undefined));
      socket.destroySoon();
      return;
    }
    const connection = new Connection(socket, this.#paths, this.#limits, this.#log);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }

  #check(): void {
    const now = performance.now();
    for (const connection of this.#connections) connection.check(now);
    this.#paths.logDrops();
  }
}
