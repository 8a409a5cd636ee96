import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@framebus/contract/service';

const natsAnswerMs = 1_000;

/**
 * `GET /readyz` for who keeps processes running: 200 while NATS answers and refuses nothing, else 503 with the reason.
 * To be opened once the model is warm.
 */
export async function openHealth(host: string, port: number, bus: Bus): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    const url = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' || url !== '/readyz') return answer(response, 404, 'not found');
    void reasonOf(bus).then((reason) => {
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

async function reasonOf(bus: Bus): Promise<string | undefined> {
  const answered = bus.connection.rtt().then(
    () => true,
    () => false,
  );
  const up = await Promise.race([answered, sleep(natsAnswerMs, false, { ref: false })]);
  return up ? bus.refused : 'NATS does not answer';
}

function answer(response: ServerResponse, statusCode: number, status: string): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ status }));
}
