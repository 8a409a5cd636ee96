import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the proxy does to what passes. */
export interface ProxyFault {
  /** Holds each piece back so long, in ms, both ways. */
  readonly delayMs?: number;
  /** Nothing passes, and connections stay open. */
  readonly frozen?: boolean;
  /** Connections end, and new ones are refused. */
  readonly cut?: boolean;
  /** Changes what comes from the server in place. */
  readonly spoil?: (piece: Buffer) => void;
}

/** A TCP proxy on a free port of loopback that can fail like a network. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #fault: ProxyFault = {};
  #onThaw = new Set<() => void>();

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#join(client));
  }

  /** @param target port on loopback */
  static async start(target: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  /** From now on; `{}` heals. */
  set(fault: ProxyFault): void {
    this.#fault = fault;
    if (fault.cut) for (const socket of this.#sockets) socket.destroy();
    if (fault.frozen) return;
    for (const thaw of this.#onThaw) thaw();
    this.#onThaw.clear();
  }

  #join(client: Socket): void {
    if (this.#fault.cut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    this.#pass(client, server, () => {});
    this.#pass(server, client, (piece) => this.#fault.spoil?.(piece));
  }

  #pass(from: Socket, to: Socket, change: (piece: Buffer) => void): void {
    this.#sockets.add(from);
    // Each piece waits for those before it, so the order stays.
    let tail = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      from.pause();
      const { delayMs = 0 } = this.#fault;
      const due = delayMs > 0 ? new Promise<void>((r) => setTimeout(r, delayMs)) : undefined;
      const go = async () => {
        await due;
        while (this.#fault.frozen) await new Promise<void>((r) => this.#onThaw.add(r));
        change(piece);
        if (!to.destroyed) to.write(piece);
      };
      tail = tail.then(go);
      // Under a delay many pieces are on their way; one that is frozen holds the sender up.
      if (this.#fault.frozen || to.writableLength > 4_194_304) void tail.then(() => from.resume());
      else from.resume();
    });
    from.on('end', () => void tail.then(() => to.end()));
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      void tail.then(() => to.destroy());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.set({});
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
