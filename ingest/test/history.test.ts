import { Bus, createLogger, registerService } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import type { HealthReport } from '../src/health.js';
import type { Timeline } from '../src/timeline.js';
import { IngestProcess } from './ingest-process.js';

interface History {
  readonly detections: readonly { readonly frame_index: number }[];
  readonly cursor: string;
}

t.test('history of detections and health of detectors', async (t) => {
  await using nats = await NatsServer.start();
  await using ingest = await IngestProcess.start(nats.url);
  const log = createLogger('test', 'silent');
  const config = { natsUrl: [nats.url], natsUser: '', natsPassword: '' };
  await using bus = await Bus.open(config, 'test', log);
  await ingest.start({ session_id: 'cam', stream_url: 'rtsp://127.0.0.1:9/x' });

  const publish = async (from: number, to: number) => {
    for (let frame_index = from; frame_index <= to; frame_index += 1) {
      const event = JSON.stringify({ session_id: 'cam', frame_index, detections: [] });
      await bus.jetstream.publish('detections.cam', event);
      await bus.jetstream.publish('detections.other', event);
    }
  };
  const read = async (query = '') =>
    (await ingest.call<History>('GET', `sessions/cam/detections${query}`)).body;
  const indexes = ({ detections }: History) => detections.map(({ frame_index }) => frame_index);

  await t.test('an empty history is an empty list', async (t) => {
    t.match(await read(), { session_id: 'cam', detections: [], cursor: 'seq:0' });
  });

  await publish(1, 150);
  // Apart from both by more than the ms that a Date tells.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const middle = new Date();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await publish(151, 250);

  await t.test(
    'a cursor goes through all events once, oldest first, and stays at the end',
    async (t) => {
      const seen: number[] = [];
      let cursor = '';
      for (const count of [100, 100, 50]) {
        const history = await read(cursor === '' ? '' : `?since=${cursor}`);
        t.equal(history.detections.length, count);
        seen.push(...indexes(history));
        cursor = history.cursor;
      }
      t.same(
        seen,
        Array.from({ length: 250 }, (_, at) => at + 1),
      );
      t.match(await read(`?since=${cursor}`), { detections: [], cursor });
    },
  );

  await t.test('since is a time in seconds or ISO 8601, and limit is kept', async (t) => {
    t.equal(indexes(await read(`?since=${middle.getTime() / 1_000}`))[0], 151);
    t.equal(indexes(await read(`?since=${middle.toISOString()}&limit=5`)).length, 5);
    const began = performance.now();
    t.equal(indexes(await read('?limit=1000')).length, 250);
    t.ok(performance.now() - began < 1_500, 'in bounded time');
    t.same(indexes(await read(`?since=${Date.now() / 1_000 + 60}`)), [], 'nothing of the future');
  });

  await t.test('index:N is what follows a frame index, also after a crash of NATS', async (t) => {
    t.same(indexes(await read('?since=index:247')), [248, 249, 250]);
    t.equal(indexes(await read('?since=index:0&limit=1000')).length, 250);
    const { cursor, ...two } = await read('?since=index:99&limit=2');
    t.same(indexes({ cursor, ...two }), [100, 101]);
    await nats.kill();
    await nats.up();
    const answers = async () => (await ingest.call('GET', '/readyz')).status === 200;
    await until('the ingest is ready', answers);
    t.equal(indexes(await read(`?since=${cursor}`))[0], 102, 'a cursor holds');
    t.same(indexes(await read('?since=index:249')), [250]);
    t.same(indexes(await read('?since=index:250')), []);
  });

  await t.test('nonsense is refused', async (t) => {
    for (const query of [
      'since=yesterday',
      'since=seq:-1',
      'since=index:x',
      `since=${Date.now()}`,
      'since=',
    ]) {
      const answer = await ingest.call('GET', `sessions/cam/detections?${query}`);
      t.match(answer, { status: 400, body: { message: /since: expected/ } }, query);
    }
    for (const limit of ['0', '1001', 'x', '-1', '1.5', '']) {
      const answer = await ingest.call('GET', `sessions/cam/detections?limit=${limit}`);
      t.match(answer, { status: 400, body: { message: /limit: expected a whole number/ } }, limit);
    }
  });

  await t.test('a timeline counts the objects of each class over time', async (t) => {
    const since = Date.now() / 1_000 - 100;
    const seen = (captured_at: number, names: readonly string[]) =>
      bus.jetstream.publish(
        'detections.yard',
        JSON.stringify({
          captured_at,
          detections: names.map((class_name) => ({ class_name, class_id: class_name.length })),
        }),
      );
    await seen(since * 1_000 + 5_000, ['car', 'car', 'person']);
    await seen(since * 1_000 + 6_000, []);
    await seen(since * 1_000 + 95_000, ['person']);
    await seen(since * 1_000 - 5_000, ['bus']);
    const alert = { session_id: 'yard', captured_at: 1, class_name: 'car', bbox: [0, 0, 1, 1] };
    for (const frame_index of [1, 2]) {
      await bus.jetstream.publish('alerts.yard', JSON.stringify({ ...alert, frame_index }));
    }
    const path = `sessions/yard/timeline?since=${since}&buckets=10`;
    const { body } = await ingest.call<Timeline>('GET', path);
    t.equal(body.buckets.length, 10);
    t.same(body.buckets[0], {
      time: since,
      frames: 2,
      classes: {
        car: { class_id: 3, mean: 1, most: 2 },
        person: { class_id: 6, mean: 0.5, most: 1 },
      },
    });
    t.match(body.buckets.at(-1), { frames: 1, classes: { person: { mean: 1, most: 1 } } });
    t.match(body, { session_id: 'yard', since, sampled: false });
    t.same(
      body.alerts.map(({ frame_index }) => frame_index),
      [2, 1],
      'newest first',
    );
    const all = await ingest.call<Pick<Timeline, 'alerts'>>('GET', 'alerts?limit=1');
    t.match(all.body.alerts, [{ session_id: 'yard', frame_index: 2 }]);
    const of = (id: string) => ingest.call('GET', `alerts?session_id=${id}`);
    t.same((await of('none')).body, { alerts: [] });
    t.equal((await ingest.call('GET', 'sessions/yard/timeline?since=seq:3')).status, 400);
    t.equal((await ingest.call('GET', 'sessions/yard/timeline?buckets=241')).status, 400);
  });

  await t.test('a timeline of very many events is told from some of them', async (t) => {
    const captured_at = Date.now();
    const detections = [{ class_name: 'car', class_id: 1 }];
    const event = JSON.stringify({ captured_at, detections });
    const published = Array.from({ length: 2_400 }, () =>
      bus.jetstream.publish('detections.busy', event),
    );
    await Promise.all(published);
    const { body } = await ingest.call<Timeline>('GET', 'sessions/busy/timeline?buckets=1');
    t.equal(body.sampled, true);
    const { frames = 0, classes } = body.buckets[0] ?? {};
    t.ok(frames > 800 && frames <= 1_300, `${frames} frames counted`);
    t.match(classes, { car: { mean: 1, most: 1 } });
  });

  await t.test('no consumer is left behind, and a removed session keeps its history', async (t) => {
    const manager = await bus.connection.jetstreamManager();
    const consumers = async () =>
      (await manager.streams.info('DETECTIONS')).state.consumer_count === 0;
    t.ok(await until('the consumers are gone', consumers));
    await ingest.call('DELETE', 'sessions/cam');
    t.equal((await read('?limit=1')).detections.length, 1);
  });

  await t.test('health tells of each detector', async (t) => {
    const facts = { id: 'd1', model: 'rtdetr', provider: 'cuda' };
    const metadata = facts;
    let frames = 7;
    const dropped = { lost: 2 };
    const stats = () => ({ ...facts, frames: frames++, inference_ms: 12.34, dropped });
    await registerService(bus, { name: 'detector', description: 'test', metadata, stats });
    const health = async () => {
      const { body } = await ingest.call<HealthReport>('GET', 'health');
      return body.detectors[0]?.fps ? body : undefined;
    };
    const body = await until('its frames per second are known', health, { everyMs: 300 });
    t.match(body, { status: 'healthy', model_loaded: true, gpu_available: true, reasons: [] });
    t.match(body.detectors, [{ ...facts, inference_ms: 12.3, dropped }]);
    t.match(body.queue, { waiting: 0, oldest_ms: 0 });
  });
});
