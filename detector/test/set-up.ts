import type { DetectionEvent } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import { type Child, NatsServer, startService, until } from '@framebus/test';
import type { Test } from 'tap';

const log = createLogger('test', 'silent');

/** A nats-server, a detector that is ready, and the events that it publishes, until the test ends. */
export async function setUp(t: Test, env: Record<string, string> = {}) {
  const server = await NatsServer.start();
  const bus = await Bus.open(
    { natsUrl: [server.url], natsUser: '', natsPassword: '' },
    'test',
    log,
  );
  const detector = await startDetector(server, env);
  const events: DetectionEvent[] = [];
  bus.connection.subscribe('detections.*', {
    callback: (_, message) => events.push(message.json<DetectionEvent>()),
  });
  t.teardown(async () => {
    await detector.stop('SIGKILL');
    await bus[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, bus, detector, events };
}

async function startDetector(server: NatsServer, env: Record<string, string>): Promise<Child> {
  const detector = await startService('detector', { NATS_URL: server.url, ...env });
  await until('detector is ready', () => detector.output.includes('"ready"'));
  return detector;
}
