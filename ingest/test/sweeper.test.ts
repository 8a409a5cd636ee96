import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import type { SessionView } from '../src/session-view.js';
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
