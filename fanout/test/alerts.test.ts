import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, NatsServer, startService, until } from '@framebus/test';
import { headers } from 'nats';
import sharp from 'sharp';
import t from 'tap';
import { Detector, grey, person } from './detector.js';
import { start } from './start.js';
import { statesFollowed, Watcher } from './watcher.js';

const server = await NatsServer.start();
const detector = await Detector.start(server);
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const seen = (confidence: number, class_id = 3) => [{ ...person, class_id, confidence }];

t.test('over two fanouts a class of a session alerts once a cool-down', async (t) => {
  const environment = { NATS_URL: server.url, ALERT_COOLDOWN_MS: '2000' };
  const ports = [await freePort(), await freePort()] as const;
  await using _first = await startService('fanout', { ...environment, FANOUT_PORT: `${ports[0]}` });
  await using _second = await startService('fanout', {
    ...environment,
    FANOUT_PORT: `${ports[1]}`,
  });
  const urls = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
  for (const url of urls) {
    await until(`${url} is ready`, async () => (await fetch(`${url}/readyz`)).ok, {
      timeoutMs: 30_000,
    });
  }
  using one = await Watcher.open(urls[0], '/ws/stream/door?frames=none');
  using other = await Watcher.open(urls[1], '/ws/stream/door?frames=none', ['msgpack']);

  let index = 0;
  const publish = (confidence: number, classId?: number) => {
    index += 1;
    detector.publish(detector.event('door', index, { detections: seen(confidence, classId) }));
  };
  for (let i = 0; i < 20; i += 1) publish(0.9);
  publish(0.8, 4);
  await until('alerts', () => one.of('alert').length >= 2 && other.of('alert').length >= 2);
  await sleep(200);
  t.same(
    one
      .of('alert')
      .map((m) => m.data.class_id)
      .sort(),
    [3, 4],
    'one each of two classes',
  );
  t.same(
    one.of('alert').map(({ data }) => data),
    other.of('alert').map(({ data }) => data),
  );

  const start = performance.now();
  await until('the next alert', () => {
    publish(0.9);
    return one.of('alert').length === 3;
  });
  t.ok(performance.now() - start < 3_000, 'soon after the cool-down');
  const [first, , third] = one.of('alert');
  t.equal(third.data.class_id, 3);
  t.ok(third.frame_index > first.frame_index);

  const manager = await detector.bus.connection.jetstreamManager();
  const info = await manager.streams.info('DETECTIONS', { subjects_filter: 'alerts.door' });
  t.same(info.state.subjects, { 'alerts.door': 3 }, 'history has each once');
});

t.test('only confidence from ALERT_CONFIDENCE on alerts', async (t) => {
  await using fanout = await start(server, { ALERT_CONFIDENCE: '0.6' });
  using watcher = await Watcher.open(fanout.url, '/ws/stream/sure');
  detector.publish(detector.event('sure', 1, { detections: seen(0.59) }));
  detector.publish(detector.event('sure', 2, { detections: [...seen(0.6), ...seen(0.8)] }));
  const alert = await watcher.next('alert');
  t.match(alert, { frame_index: 2, timestamp: 1_700_000_000.002 });
  t.same(alert.data, { class_id: 3, class_name: 'person', confidence: 0.8, bbox: person.bbox });
  t.equal(fanout.counters.alerts, 1);
});

t.test('the picture of an alert is kept, watched or not', async (t) => {
  await using fanout = await start(server);
  const publish = async (session: string, index: number) => {
    detector.publishFrame(session, index, await grey());
    await detector.bus.connection.flush();
    detector.publish(detector.event(session, index, { detections: seen(0.9) }));
  };
  const picture = async (session: string) => {
    const answer = await fetch(`${fanout.url}/ws/snapshots/${session}/7.jpg`);
    if (!answer.ok) return undefined;
    t.equal(answer.headers.get('content-type'), 'image/jpeg');
    return sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  };
  await publish('unseen', 7);
  t.match(await until('a snapshot', () => picture('unseen')), { width: 320, height: 240 });
  using _watcher = await Watcher.open(fanout.url, '/ws/stream/watched', ['msgpack']);
  await publish('watched', 7);
  t.ok(await until('a snapshot of it', () => picture('watched')));
  t.equal(fanout.counters.snapshots, 2);
  for (const path of ['unseen/8.jpg', 'unseen/x.jpg', 'a%20b/7.jpg', 'unseen/7.png']) {
    t.equal((await fetch(`${fanout.url}/ws/snapshots/${path}`)).status, 404, path);
  }
});

t.test('an alert carries the trace of its frame', async (t) => {
  await using _fanout = await start(server);
  const { connection } = detector.bus;
  const subscription = connection.subscribe('alerts.traced', { max: 1 });
  const hdrs = headers();
  hdrs.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const event = detector.event('traced', 1, { detections: seen(0.9) });
  connection.publish('detections.traced', JSON.stringify(event), { headers: hdrs });
  for await (const message of subscription) {
    t.equal(message.headers?.get('traceparent'), hdrs.get('traceparent'));
  }
});

t.test('alerts go on after NATS lost its memory, and with another cool-down', async (t) => {
  await using fanout = await start(server, { ALERT_COOLDOWN_MS: '5000' });
  await server.kill();
  await server.up();
  await until('NATS answers', async () => (await fetch(`${fanout.url}/readyz`)).ok);
  let index = 0;
  await until('an alert', () => {
    index += 1;
    detector.publish(detector.event('again', index, { detections: seen(0.9) }));
    return fanout.counters.alerts === 1;
  });
  const manager = await detector.bus.connection.jetstreamManager();
  const info = await until('the bucket', () => manager.streams.info('KV_alert-cooldown'));
  t.equal(info.config.max_age, 5_000 * 1_000_000);
  await statesFollowed(fanout.url, detector);
});
