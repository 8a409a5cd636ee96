import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type Bus, type Metrics, metricsContentType } from '@framebus/contract/service';

/**
 * For who keeps processes running: `GET /readyz` is 200 while NATS answers, refuses nothing and has what is needed, else
 * 503 with the reason; `GET /livez` is 200. To be opened once the model is warm. A model that hangs ends the process.
 * `GET /metrics` is for Prometheus.
 */
export async function openHealth(
  { host, port }: { readonly host: string; readonly port: number },
  bus: Bus,
  metrics: Metrics,
): Promise<AsyncDisposable> {
  const pages = new Map([
    ['/livez', async (response: ServerResponse) => answer(response, 200, 'ok')],
    ['/readyz', (response: ServerResponse) => answerReady(response, bus)],
    ['/metrics', (response: ServerResponse) => answerMetrics(response, metrics)],
  ]);
  const server = createServer((request, response) => {
    const page = pages.get(request.url?.split('?', 1)[0] ?? '');
    if (request.method !== 'GET' || page === undefined) return answer(response, 404, 'not found');
    page(response).catch(() => response.destroy());
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

async function answerReady(response: ServerResponse, bus: Bus): Promise<void> {
  const reason = await bus.unready();
  if (reason === undefined) answer(response, 200, 'ready');
  else answer(response, 503, reason);
}

async function answerMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': metricsContentType, connection: 'close' }).end(text);
}

function answer(response: ServerResponse, statusCode: number, status: string): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ status }));
}
