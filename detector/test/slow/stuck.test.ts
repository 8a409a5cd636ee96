import { execFile } from 'node:child_process';
import { copyFile, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DetectionEvent } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer, repositoryFile, startService, until } from '@framebus/test';
import t from 'tap';
import { ModelThread } from '../../src/model-thread.js';
import { fixture, fixtureOptions, frame, pictureLength } from '../fixtures.js';
import { giveTurn, picture } from '../turns.js';

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

/** A file that hangs whoever opens it, as one on a network that is gone does. */
async function hangingFile(path: string): Promise<string> {
  await rm(path, { force: true });
  await promisify(execFile)('mkfifo', [path]);
  return path;
}

t.test('a detector whose model does not load ends itself', async (t) => {
  const model = await hangingFile(join(t.testdir(), 'model.onnx'));
  const labels = repositoryFile('models/shapes/labels.json');
  for (const env of [
    { DETECTOR_MODEL: model, DETECTOR_LABELS: labels },
    { DETECTOR_MODEL: fixture('authors.onnx'), DETECTOR_LABELS: model },
  ]) {
    const detector = await startService('detector', { ...env, DETECTOR_LOAD_TIMEOUT_MS: '500' });
    t.teardown(() => detector.stop('SIGKILL'));
    await until('it ends', () => !detector.running, { timeoutMs: 60_000 });
    t.match(detector.output, /loading the model gave no answer for 0.5 s.*MODEL_STUCK/);
    t.not(detector.process.exitCode, 0);
  }
});

t.test('a model that hangs while it is loaded anew has failed', async (t) => {
  const path = join(t.testdir(), 'model.onnx');
  await copyFile(fixture('authors.onnx'), path);
  const options = { ...fixtureOptions, path, loadTimeoutMs: 500 };
  await using model = await ModelThread.load(options);
  await hangingFile(path);
  await t.rejects(model.setThreads(2), { name: 'ModelStuckError' });
  await t.rejects(model.failed, { message: 'loading the model anew gave no answer for 0.5 s' });
  // Lets the thread go, and waits until it is idle: else neither it nor this process could end.
  await (await open(path, 'w')).close();
  await model.infer(new Float32Array(pictureLength(model)), [frame]);
});
