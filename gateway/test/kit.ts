import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  request as ask,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, readSettings } from '@framebus/contract/service';
import { freePort } from '@framebus/test';
import { start } from '../src/gateway.js';
import { settings } from '../src/settings.js';

export const videoKey = 'video-api-key-001';
export const llmKey = 'llm-api-key-001';

/** A server behind the gateway. Without a listener of its own it tells what it was asked. */
export class Upstream implements AsyncDisposable {
  readonly server: Server;
  /** What it was asked for clients, oldest first; probes of its health are left out. */
  readonly requests: IncomingMessage[] = [];

  private constructor(server: Server) {
    this.server = server;
    server.on('request', (request) => {
      if (request.headers['x-kong-request-id'] !== undefined) this.requests.push(request);
    });
  }

  static async start(listener: RequestListener = tell): Promise<Upstream> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Upstream(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }
}

/** What an upstream was asked, as it says it in its answer. */
export interface Told {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const tell: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
};

export interface RunningGateway extends AsyncDisposable {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A gateway in this process, on a free port; `env` as a process of its own would have it. */
export async function startGateway(env: Readonly<Record<string, string>>): Promise<RunningGateway> {
  const port = await freePort();
  const all = { PROXY_PORT: String(port), ADMIN_PORT: '0', ...env };
  const running = await start(readSettings(settings, all), createLogger('gateway', 'silent'));
  return { port, env: all, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** A gateway with one upstream behind every service of gateway/kong.yml. */
export function gatewayBefore(
  upstream: Upstream,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const { url } = upstream;
  const UPSTREAMS = `ingest=${url},fanout=${url},llm=${url},vllm=${url}/v1`;
  return startGateway({ UPSTREAMS, ...env });
}

/** A declarative file of a test's own, gone with it. */
export async function kongFile(text: string): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-gateway-'));
  const path = join(folder, 'kong.yml');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** A file with one service, one route at "/" and these plugins (YAML, one a line). */
export function fileWith(upstream: Upstream, plugins: readonly string[]): string {
  return `
_format_version: "3.0"
services:
  - name: only
    url: ${upstream.url}
    retries: 0
    connect_timeout: 500
    read_timeout: 300
    routes: [{ name: all, paths: [/], strip_path: false }]
plugins: [${plugins.join(', ')}]
consumers:
  - username: ann
    custom_id: a-1
    acls: [{ group: red }]
    keyauth_credentials: [{ key: ann-key }, { key: ann-second-key }]
  - username: bob
    acls: [{ group: blue }]
    keyauth_credentials: [{ key: bob-key }]
`;
}

/** A gateway with that file. */
export async function gatewayWith(
  upstream: Upstream,
  plugins: readonly string[],
): Promise<RunningGateway> {
  await using file = await kongFile(fileWith(upstream, plugins));
  return await startGateway({ KONG_CONFIG: file.path });
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  /** Pieces are sent chunked, a text with its length. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
}

/** One HTTP request with nothing added to it, on a connection of its own. */
export async function call(
  { port }: { readonly port: number },
  path: string,
  { method = 'GET', headers = {}, body }: CallOptions = {},
): Promise<Reply> {
  const request = ask({ host: '127.0.0.1', port, path, method, headers, agent: false });
  const whole = typeof body === 'string' || Buffer.isBuffer(body);
  if (whole) request.setHeader('Content-Length', Buffer.byteLength(body));
  const replied = once(request, 'response');
  for (const piece of whole || body === undefined ? [] : body) request.write(piece);
  request.end(whole ? body : undefined);
  const [response] = (await replied) as [IncomingMessage];
  request.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: await textOf(response),
  };
}

export async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const piece of response) text += piece;
  return text;
}

/** What the upstream was asked. */
export function told(reply: Reply): Told {
  return JSON.parse(reply.text) as Told;
}

/** The message of an error that the gateway made. */
export function messageOf(reply: Reply): string {
  return (JSON.parse(reply.text) as { message: string }).message;
}

/** Waits until no minute ends within the next seconds, so that calls are counted together. */
export async function calmMinute(seconds = 4): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < seconds * 1000) await new Promise((resolve) => setTimeout(resolve, leftMs + 20));
}
