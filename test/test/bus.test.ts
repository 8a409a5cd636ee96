import { Bus, createLogger, Mirror } from '@framebus/contract/service';
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
