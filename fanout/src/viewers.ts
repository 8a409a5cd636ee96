import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Counters } from './counters.js';
import type { View } from './message.js';
import { Refusal } from './refusal.js';
import { readStreamRequest, type StreamRequest } from './stream-request.js';
import { closeCodes, Viewer, type ViewerLimits } from './viewer.js';

const pingMs = 20_000;
const closeMs = 3_000;
/** Viewers need to send nothing. */
const maxPayload = 4_096;

export interface ViewersOptions extends ViewerLimits {
  readonly maxViewers: number;
  /** Origins whose pages may open WebSockets; empty: any. */
  readonly viewerOrigins: readonly string[];
  readonly counters: Counters;
  /** Called with each viewer that was let in. */
  readonly onViewer: (viewer: Viewer, request: StreamRequest) => void;
}

/** All WebSocket clients of this process: lets in at most `maxViewers`, pings them, closes them at the end. */
export class Viewers implements AsyncDisposable {
  readonly #options: ViewersOptions;
  readonly #viewers = new Set<Viewer>();
  readonly #pings: NodeJS.Timeout;
  readonly #sockets: WebSocketServer;
  #stopping = false;

  constructor(server: Server, options: ViewersOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload },
      handleProtocols: (_protocols, request) => viewOf(request).format,
    });
    this.#pings = setInterval(() => {
      for (const viewer of this.#viewers) viewer.ping();
    }, pingMs);
    server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  get size(): number {
    return this.#viewers.size;
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onError = () => socket.destroy();
    socket.on('error', onError);
    try {
      const wanted = readStreamRequest(request.url, request.headers['sec-websocket-protocol']);
      this.#checkOrigin(request.headers.origin);
      if (this.#stopping) throw new Refusal('STOPPING', 'fanout is stopping; connect again');
      if (this.#viewers.size >= this.#options.maxViewers) {
        throw new Refusal(
          'TOO_MANY_VIEWERS',
          `there are ${this.#options.maxViewers} viewers already; try again later`,
        );
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', onError);
        this.#letIn(webSocket, socket, wanted);
      });
    } catch (error) {
      this.#options.counters.refused += 1;
      if (error instanceof Refusal) socket.end(error.toResponse());
      else socket.destroy();
    }
  }

  /** Programs that are no browser send no origin. */
  #checkOrigin(origin: string | undefined): void {
    const { viewerOrigins } = this.#options;
    if (origin === undefined || viewerOrigins.length === 0 || viewerOrigins.includes(origin))
      return;
    throw new Refusal('ORIGIN_NOT_ALLOWED', 'pages of this origin may not open WebSockets here');
  }

  #letIn(socket: WebSocket, stream: Duplex, request: StreamRequest): void {
    const { view } = request;
    const viewer = new Viewer(socket, stream, view, this.#options, this.#options.counters);
    this.#viewers.add(viewer);
    this.#options.counters.opened += 1;
    viewer.onClose(() => this.#viewers.delete(viewer));
    this.#options.onViewer(viewer, request);
  }

  /** Closes all with 1012; those that do not take part are cut off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#pings);
    const closed = [...this.#viewers].map((viewer) => {
      const gone = new Promise<void>((resolve) => viewer.onClose(resolve));
      viewer.close(closeCodes.restart, 'fanout is stopping; connect again');
      return gone;
    });
    await Promise.race([Promise.all(closed), sleep(closeMs, undefined, { ref: false })]);
  }
}

function viewOf(request: IncomingMessage): View {
  return readStreamRequest(request.url, request.headers['sec-websocket-protocol']).view;
}
