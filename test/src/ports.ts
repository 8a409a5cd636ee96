import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to clients: a connection that begins meanwhile does not take one of these. */
const [lowest, highest] = [12_000, 32_000];
const given = new Set<number>();

/** A TCP port of 127.0.0.1 that was free a moment ago and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
