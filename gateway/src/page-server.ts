import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverName } from './kong.js';

/** What is answered on a path: an object as JSON, or text of its own type. */
export type Page = () => object | Promise<{ readonly contentType: string; readonly text: string }>;
export type Pages = ReadonlyMap<string, Page>;

/** Read-only pages for who watches the gateway. */
export class PageServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(address: { port: number; host: string }, pages: Pages): Promise<PageServer> {
    const server = createServer((request, response) => {
      const page = pages.get(new URL(request.url ?? '/', 'http://admin').pathname);
      if (page === undefined) reply(response, 404, { message: 'Not found' });
      else if (request.method !== 'GET') reply(response, 405, { message: 'Method not allowed' });
      else answer(response, page).catch(() => response.destroy());
      request.resume();
    });
    server.listen(address.port, address.host);
    await once(server, 'listening');
    return new PageServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(response: ServerResponse, page: Page): Promise<void> {
  const content = page();
  if (!(content instanceof Promise)) return reply(response, 200, content);
  const { contentType, text } = await content;
  response.writeHead(200, { 'Content-Type': contentType, Server: serverName });
  response.end(text);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    Server: serverName,
  });
  response.end(JSON.stringify(body));
}
