import { readFile } from 'node:fs/promises';
import type { DetectionEvent } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer, repositoryFile, startService, until } from '@framebus/test';
import t from 'tap';
import { fixture } from './fixtures.js';
import { giveTurn, picture } from './turns.js';

t.test('a detector whose model hangs ends itself, and another works on', async (t) => {
  const server = await NatsServer.start();
  const bus = await Bus.open({ natsUrl: [server.url] }, 'test', createLogger('test', 'silent'));
  const labels = repositoryFile('models/shapes/labels.json');
  t.ok(JSON.parse(await readFile(labels, 'utf8')).length > 0);
  const env = { NATS_URL: server.url, DETECTOR_ID: 'other' };
  const hanging = await startService('detector', {
    ...{ NATS_URL: server.url, DETECTOR_MODEL: fixture('hanging.onnx'), DETECTOR_LABELS: labels },
    ...{ DETECTOR_ID: 'hanging', DETECTOR_STUCK_MS: '1000' },
  });
  const other = await startService('detector', env);
  t.teardown(async () => {
    await hanging.stop('SIGKILL');
    await other.stop('SIGKILL');
    await bus[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const ready = (output: string) => output.includes('"ready"');
  const patience = { timeoutMs: 60_000 };
  await until('both are ready', () => ready(hanging.output) && ready(other.output), patience);
  const events: DetectionEvent[] = [];
  bus.connection.subscribe('detections.*', {
    callback: (_, message) => events.push(message.json<DetectionEvent>()),
  });
  const jpeg = await picture();
  let index = 0;
  await until(
    'the end of the hanging one',
    async () => {
      await giveTurn(bus, 'a', jpeg, ++index).catch(() => {});
      return !hanging.running;
    },
    { ...patience, everyMs: 100 },
  );
  const why = /the model gave no answer for [\d.]+ s/;
  await until('why is told', () => why.test(hanging.output), patience);
  const seen = events.length;
  await giveTurn(bus, 'a', jpeg, ++index).catch(() => {});
  await until('an event of the other', () => events.length > seen, patience);
  t.equal(events.at(-1)?.detector, 'other');
});
