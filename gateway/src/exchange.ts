import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type TLSSocket } from 'node:tls';
import type { Credential } from './consumers.js';
import { HeaderList } from './header-list.js';
import { dropHopByHop } from './hop-by-hop.js';
import { normalizePath } from './path.js';
import { Query } from './query.js';
import { RequestBody } from './request-body.js';

/** What a client must not say of itself. */
const identityHeaders = [
  'X-Consumer-ID',
  'X-Consumer-Custom-ID',
  'X-Consumer-Username',
  'X-Consumer-Groups',
  'X-Credential-Identifier',
  'X-Anonymous-Consumer',
  'X-Authenticated-Groups',
];

/** A connection that a client asks to turn into a WebSocket. */
export interface Upgrade {
  readonly socket: Duplex;
  /** Bytes that came after the request. */
  readonly head: Buffer;
}

/** One request on its way through the gateway, and what its plugins make of it. */
export class Exchange {
  /** X-Kong-Request-Id. */
  readonly id = randomBytes(16).toString('hex');
  readonly startedAt = performance.now();
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upgrade: Upgrade | undefined;
  readonly body: RequestBody;
  /** Headers as the client sent them. */
  readonly sent: HeaderList;
  /** The client's headers that are passed on; plugins add and take away. */
  readonly toUpstream: HeaderList;
  /** Headers that plugins add to the response, whoever makes it. */
  readonly toClient = new HeaderList();
  /** As the client wrote it. */
  readonly rawPath: string;
  /** Normalized. */
  readonly path: string;
  readonly query: Query;
  #credential: Credential | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) {
    this.request = request;
    this.response = response;
    this.upgrade = upgrade;
    this.body = new RequestBody(request, response);
    this.sent = new HeaderList(request.rawHeaders);
    this.toUpstream = new HeaderList(request.rawHeaders);
    dropHopByHop(this.toUpstream);
    for (const name of identityHeaders) this.toUpstream.delete(name);
    // A proxy's client may send the whole URL.
    const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '') || '/';
    const [path = '/', ...query] = target.split('?');
    this.rawPath = path;
    this.path = normalizePath(path);
    this.query = new Query(query.length === 0 ? undefined : query.join('?'));
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  get secure(): boolean {
    return (this.request.socket as TLSSocket).encrypted === true;
  }

  get clientAddress(): string {
    return (this.request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  }

  /** Set once the caller is known. */
  get credential(): Credential | undefined {
    return this.#credential;
  }

  /** Tells the upstream who calls. */
  authenticate(credential: Credential): void {
    this.#credential = credential;
    const { consumer } = credential;
    this.toUpstream.set('X-Consumer-ID', consumer.id);
    this.toUpstream.set('X-Consumer-Username', consumer.username);
    this.toUpstream.set('X-Credential-Identifier', credential.id);
    if (consumer.customId !== undefined) {
      this.toUpstream.set('X-Consumer-Custom-ID', consumer.customId);
    }
  }
}
