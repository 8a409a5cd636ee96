import { Bus, createLogger, Mirror, natsSettings, readSettings } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';

const log = createLogger('test', 'silent');

t.test('streams, consumer and buckets are there again after the server was killed', async (t) => {
  await using server = await NatsServer.start();
  const config = { natsUrl: [server.url], natsUser: '', natsPassword: '' };
  await using bus = await Bus.open(config, 'test', log);
  await bus.bucket('sessions').put('kept', '{"a":1}');
  await bus.bucket('session-state').put('lost', '{"a":1}');
  const changes: string[] = [];
  await using kept = await Mirror.open<{ a: number }>(bus, 'sessions', log);
  await using lost = await Mirror.open<{ a: number }>(bus, 'session-state', log, (key) =>
    changes.push(key),
  );
  t.same(kept.get('kept')?.value, { a: 1 });
  t.same(lost.get('lost')?.value, { a: 1 });

  await server.kill();
  await server.up();

  await until('memory bucket is empty again', () => lost.get('lost') === undefined);
  t.ok(changes.includes('lost'), 'the loss is told');
  const manager = await bus.connection.jetstreamManager();
  const names = (await manager.streams.list().next()).map((stream) => stream.config.name);
  t.same(names.sort(), ['DETECTIONS', 'FRAMES', 'KV_session-state', 'KV_sessions', 'TICKETS']);
  t.equal((await manager.consumers.info('TICKETS', 'detectors')).name, 'detectors');
  t.same(kept.get('kept')?.value, { a: 1 }, 'what is on file is kept');
  await bus.bucket('sessions').put('kept', '{"a":2}');
  t.ok(await until('mirrors follow again', () => kept.get('kept')?.value.a === 2));
});

t.test('a mirror forgets entries that the server let expire long ago', async (t) => {
  await using server = await NatsServer.start();
  await using bus = await Bus.open({ natsUrl: [server.url] }, 'test', log);
  const gone: string[] = [];
  const onChange = (key: string, entry: unknown) => entry === undefined && gone.push(key);
  await using states = await Mirror.open(bus, 'session-state', log, onChange, 200);
  await using kept = await Mirror.open(bus, 'sessions', log, onChange, 200);
  await bus.bucket('sessions').put('old', '{}');
  await bus.bucket('session-state').put('old', '{}');
  await until('both are there', () => states.get('old') && kept.get('old'));
  await new Promise((resolve) => setTimeout(resolve, 250));
  await bus.bucket('sessions').put('new', '{}');
  await bus.bucket('session-state').put('new', '{}');
  await until('new ones are there', () => states.get('new') && kept.get('new'));
  t.same([...states.entries.keys()], ['new']);
  t.same([...kept.entries.keys()], ['old', 'new'], 'a bucket without expiry keeps all');
  t.same(gone, ['old'], 'which is told');
});

t.test('settings of NATS are refused in words that show no password', (t) => {
  const read = (env: Record<string, string>) => readSettings(natsSettings, env);
  const { natsUrl } = read({ NATS_URL: 'nats://a:4222, tls://b.example:4223,[::1]:4222' });
  t.same(natsUrl, ['nats://a:4222', 'tls://b.example:4223', '[::1]:4222']);
  for (const url of ['nats://me:hidden@a:4222', 'http://a:4222', ',', 'nats://a:4222/x y']) {
    const words = 'NATS_URL has a value that does not fit: expected addresses such as nats://host';
    t.throws(() => read({ NATS_URL: url }), { message: new RegExp(`^${words}`) }, url);
    t.throws(() => read({ NATS_URL: url }), { message: /^((?!hidden).)*$/ }, url);
  }
  t.throws(() => read({ NATS_REPLICAS: '2' }), {
    message: 'NATS_REPLICAS is "2": expected one of 1, 3, 5',
  });
  t.end();
});
