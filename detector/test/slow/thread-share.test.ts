import { randomUUID } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer, startService, until } from '@framebus/test';
import { connect, type NatsConnection } from 'nats';
import t, { type Test } from 'tap';
import { ModelThread } from '../../src/model-thread.js';
import { Neighbours } from '../../src/neighbours.js';
import { ThreadShare } from '../../src/thread-share.js';
import { fixture, fixtureOptions, loadFixture, pictureLength } from '../fixtures.js';

const log = createLogger('test', 'silent');
const cores = { count: 8, pool: 'a' };

async function setUp(t: Test) {
  const server = await NatsServer.start();
  const connections: NatsConnection[] = [];
  t.teardown(async () => {
    for (const connection of connections) await connection.close();
    await server[Symbol.asyncDispose]();
  });
  const dial = async () => {
    const connection = await connect({ servers: server.url, maxReconnectAttempts: -1 });
    connections.push(connection);
    return connection;
  };
  return { server, dial };
}

t.test('detectors of one pool know each other at once, and of one that leaves', async (t) => {
  const { dial } = await setUp(t);
  using one = new Neighbours(await dial(), 'a');
  const third = await dial();
  using two = new Neighbours(await dial(), 'a');
  using other = new Neighbours(await dial(), 'b');
  third.publish('detector.cores.a', 'nonsense');
  await until('two know each other', () => one.count === 2 && two.count === 2, {
    timeoutMs: 1_000,
  });
  const leaving = new Neighbours(third, 'a');
  await until('three', () => one.count === 3 && two.count === 3 && leaving.count === 3);
  leaving[Symbol.dispose]();
  await until('two are left', () => one.count === 2 && two.count === 2, { timeoutMs: 1_000 });
  t.equal(other.count, 1, 'another pool is apart');
});

t.test('of very many the last thousand are remembered, and nonsense is none', async (t) => {
  const { dial } = await setUp(t);
  using one = new Neighbours(await dial(), 'a');
  const many = await dial();
  for (let i = 0; i < 1_100; i += 1) many.publish('detector.cores.a', `here ${randomUUID()}`);
  many.publish('detector.cores.a', `here ${'x'.repeat(100_000)}`);
  using _last = new Neighbours(many, 'a');
  await until('a thousand', () => one.count === 1_001);
  t.equal(one.count, 1_001);
});

t.test('one that died is forgotten', async (t) => {
  const { dial } = await setUp(t);
  using one = new Neighbours(await dial(), 'a');
  const dying = await dial();
  using _two = new Neighbours(dying, 'a');
  t.ok(await until('two', () => one.count === 2));
  await dying.close();
  t.ok(await until('one is left', () => one.count === 1, { timeoutMs: 60_000 }));
});

t.test('without NATS nobody is forgotten', async (t) => {
  const { server, dial } = await setUp(t);
  using one = new Neighbours(await dial(), 'a');
  using _two = new Neighbours(await dial(), 'a');
  await until('two', () => one.count === 2);
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 9_000));
  t.equal(one.count, 2);
});

t.test('threads are divided as detectors come and go, and the models go on', async (t) => {
  const { dial } = await setUp(t);
  await using model = await loadFixture('authors.onnx');
  const open = async (threads: number, fixed = false) =>
    ThreadShare.open(await dial(), cores, model, { threads, fixed }, log);
  using first = await open(4);
  t.equal(first.threads, 4, 'alone it has half of the cores');
  const second = await open(4);
  t.equal(second.threads, 2, 'one that comes later starts with its share');
  using fixed = await open(3, true);
  t.equal(fixed.threads, 3, 'a number that is set stays');
  const settled = { timeoutMs: 60_000 };
  await until('the others make room', () => first.threads === 1 && second.threads === 1, settled);
  const pixels = new Float32Array(pictureLength(model));
  t.equal((await model.infer(pixels, [{ width: 10, height: 10 }])).outputs.length, 1);
  second[Symbol.dispose]();
  await until('the share grows again', () => first.threads === 2, settled);
  t.equal(fixed.threads, 3);
});

t.test('a model that can not be loaded anew goes on as it was', async (t) => {
  const { dial } = await setUp(t);
  const path = `${t.testdir()}/model.onnx`;
  await copyFile(fixture('authors.onnx'), path);
  await using model = await ModelThread.load({ ...fixtureOptions, path });
  await rm(path);
  const few = { count: 2, pool: 'few' };
  using share = await ThreadShare.open(await dial(), few, model, { threads: 4, fixed: false }, log);
  t.equal(share.threads, 4);
  const pixels = new Float32Array(pictureLength(model));
  t.equal((await model.infer(pixels, [{ width: 10, height: 10 }])).outputs.length, 1);
});

t.test('a detector tells its threads and its batch', async (t) => {
  const { server } = await setUp(t);
  const config = { natsUrl: [server.url], natsUser: '', natsPassword: '' };
  await using _bus = await Bus.open(config, 'test', log);
  await using detector = await startService('detector', {
    ...{ NATS_URL: server.url, DETECTOR_THREADS: '3', DETECTOR_BATCH: '2' },
  });
  await until('ready', () => detector.output.includes('"ready"'));
  t.match(detector.output, /"threads":3,"batch":2/);
});
