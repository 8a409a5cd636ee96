import { once } from 'node:events';
import { createServer, type Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerBadRequest } from './bad-request.js';
import { Exchange } from './exchange.js';
import { asPlainRequest } from './plain-request.js';

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** PEM texts; without them the listener speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const drainMs = 5_000;
const maxConnections = 16_384;

/** One port: makes an exchange of every request and every WebSocket that is asked for. */
export class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(
    { port, host, tls }: ListenOptions,
    take: (exchange: Exchange) => void,
  ): Promise<Listener> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const listener = new Listener(server);
    server.keepAliveTimeout = 75_000;
    server.maxConnections = maxConnections;
    server.on('request', (request, response) => take(new Exchange(request, response)));
    server.on('checkContinue', (request, response) => take(new Exchange(request, response)));
    server.on('clientError', answerBadRequest);
    server.on('upgrade', (request, socket, head) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        asPlainRequest(server, request, socket, head);
        return;
      }
      listener.#upgraded.add(socket);
      socket.on('close', () => listener.#upgraded.delete(socket));
      socket.on('error', () => socket.destroy());
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.on('finish', () => socket.end());
      response.assignSocket(request.socket);
      take(new Exchange(request, response, { socket, head }));
    });
    server.listen(port, host);
    await once(server, 'listening');
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends WebSockets at once; requests under way have five seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    for (const socket of this.#upgraded) socket.destroy();
    const backstop = setTimeout(() => this.#server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(backstop);
  }
}
