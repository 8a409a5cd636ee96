import type { SessionEntry } from '@framebus/contract';
import { Bus, createLogger, Mirror } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { NatsLink } from '../src/nats-link.js';
import type { SessionView } from '../src/session-view.js';
import { Sweeper } from '../src/sweeper.js';
import { IngestProcess } from './ingest-process.js';

t.test('sessions that were stopped more than 24 h ago are removed, others stay', async (t) => {
  await using nats = await NatsServer.start();
  const log = createLogger('test', 'silent');
  await using bus = await Bus.open(
    { natsUrl: [nats.url], natsUser: '', natsPassword: '' },
    'test',
    log,
  );
  const now = Date.now() / 1_000;
  const spec = { stream_url: 'rtsp://127.0.0.1:9/x', fps: 10 };
  const put = (session_id: string, stoppedHoursAgo: number) =>
    bus.bucket('sessions').put(
      session_id,
      JSON.stringify({
        ...{ session_id, wanted: 'stopped', spec, frame_count: 7 },
        ...{ start_time: now - 200_000, stopped_at: now - stoppedHoursAgo * 3_600 },
      }),
    );
  await put('old', 24.1);
  await put('young', 23.9);
  await using ingest = await IngestProcess.start(nats.url);
  const left = await until('the old one is gone', async () => {
    const { body } = await ingest.call<SessionView[]>('GET', 'sessions');
    return body.length === 1 && body[0];
  });
  t.match(left, { session_id: 'young', status: 'stopped', frame_count: 7 });
});

t.test('the mark of a removed session goes, and never a session started anew', async (t) => {
  await using nats = await NatsServer.start();
  const log = createLogger('test', 'silent');
  await using bus = await Bus.open({ natsUrl: [nats.url] }, 'test', log);
  await using entries = await Mirror.open<SessionEntry>(bus, 'sessions', log);
  using sweeper = new Sweeper(bus, new NatsLink(bus), entries, log);
  const kv = bus.bucket('sessions');
  for (const id of ['removed', 'anew', 'kept']) await kv.put(id, '{"wanted":"running"}');
  for (const id of ['removed', 'anew']) await kv.delete(id);
  await kv.create('anew', '{"wanted":"running"}');
  const manager = await bus.connection.jetstreamManager();
  const messages = async () => (await manager.streams.info('KV_sessions')).state.messages;
  t.equal(await messages(), 3);
  await sweeper.sweepMarkers();
  t.equal(await messages(), 3, 'a young mark stays: others may not have seen it');
  await sweeper.sweepMarkers(0);
  t.equal(await messages(), 2, 'an old one goes');
  t.equal((await kv.get('removed'))?.operation, undefined);
  t.equal((await kv.get('anew'))?.operation, 'PUT');
  t.equal((await kv.get('kept'))?.operation, 'PUT');
});
