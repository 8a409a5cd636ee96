import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Bus } from '@framebus/contract/service';

/**
 * For who keeps processes running: `GET /readyz` is 200 while NATS answers, refuses nothing and has what is needed, else
 * 503 with the reason; `GET /livez` is 200. To be opened once the model is warm. A model that hangs ends the process.
 */
export async function openHealth(host: string, port: number, bus: Bus): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    const url = request.url?.split('?', 1)[0];
    if (request.method === 'GET' && url === '/livez') return answer(response, 200, 'ok');
    if (request.method !== 'GET' || url !== '/readyz') return answer(response, 404, 'not found');
    void bus.unready().then((reason) => {
      if (reason === undefined) answer(response, 200, 'ready');
      else answer(response, 503, reason);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, statusCode: number, status: string): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ status }));
}
