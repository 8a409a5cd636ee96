import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@framebus/test';

/** Something other than the file, given once. */
interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A model hub that leads to a second host for the bytes, as Hugging Face does, and that can misbehave. */
export class Hub implements AsyncDisposable {
  content: Buffer;
  /** Of the host of the bytes. */
  etag: string | undefined = '"v1"';
  /** What the hub tells in `x-linked-etag`; undefined: nothing. */
  linkedEtag: string | undefined;
  /** Whether ranges are answered with ranges. */
  ranges = true;
  /** Whether `If-Range` is heeded. */
  conditions = true;
  /** Length that is told in place of the true one. */
  claimedBytes: number | undefined;
  /** What is answered first, one after the other. */
  readonly refusals: Refusal[] = [];
  /** How many bytes the one who asks has stored. */
  arrived: () => Promise<number> = () => Promise.resolve(0);
  /** Bytes after which the next answers break off, once these are stored. */
  readonly cuts: number[] = [];
  /** Bytes after which the next answers fall silent. */
  readonly stalls: number[] = [];
  /** Requests for the bytes. */
  readonly asked: IncomingHttpHeaders[] = [];
  readonly paths: string[] = [];
  readonly #hub: Server;
  readonly #store: Server;

  private constructor(content: Buffer) {
    this.content = content;
    this.linkedEtag = `"${sha256(content)}"`;
    this.#store = createServer((request, response) => this.#give(request, response));
    this.#hub = createServer((request, response) => this.#lead(request, response));
  }

  static async start(content = someBytes(300_000)): Promise<Hub> {
    const hub = new Hub(content);
    for (const server of [hub.#hub, hub.#store]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#hub.address() as AddressInfo).port;
  }

  #lead(request: IncomingMessage, response: ServerResponse): void {
    this.paths.push(request.url ?? '');
    const refusal = this.refusals.shift();
    if (refusal) {
      response.writeHead(refusal.status, refusal.headers).end('no model');
      return;
    }
    const { port } = this.#store.address() as AddressInfo;
    response
      .writeHead(302, {
        location: `http://127.0.0.1:${port}/blob?signature=${Math.random()}`,
        ...(this.linkedEtag && { 'x-linked-etag': this.linkedEtag }),
      })
      .end('moved');
  }

  #give({ headers }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(headers);
    const size = this.claimedBytes ?? this.content.length;
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const unchanged =
      !this.conditions || headers['if-range'] === undefined || headers['if-range'] === this.etag;
    const partial = headers.range !== undefined && this.ranges && unchanged;
    const common = { ...(this.etag && { etag: this.etag }) };
    if (partial && start >= size) {
      response.writeHead(416, { ...common, 'content-range': `bytes */${size}` }).end();
      return;
    }
    const rest = partial ? this.content.subarray(start) : this.content;
    response.writeHead(partial ? 206 : 200, {
      ...common,
      'content-length': partial ? size - start : size,
      ...(partial && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
    });
    const cut = this.cuts.shift();
    const stall = cut === undefined ? this.stalls.shift() : undefined;
    const sent = rest.subarray(0, cut ?? stall);
    response.write(sent);
    if (cut !== undefined) {
      const stored = (partial ? start : 0) + cut;
      until(`${stored} bytes are stored`, async () => (await this.arrived()) >= stored)
        .catch(() => {})
        .finally(() => response.destroy());
    } else if (stall === undefined) response.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes that look like nothing, and like no other seed's. */
export function someBytes(length: number, seed = 1): Buffer {
  const block = createHash('sha512').update(`${seed}`).digest();
  return Buffer.alloc(length, block);
}
