import { Bus, createLogger, registerService } from '@framebus/contract/service';
import { NatsServer } from '@framebus/test';
import t from 'tap';
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

  await t.test('nonsense is refused', async (t) => {
    for (const query of ['since=yesterday', 'since=seq:-1', `since=${Date.now()}`, 'since=']) {
      const answer = await ingest.call('GET', `sessions/cam/detections?${query}`);
      t.match(answer, { status: 400, body: { message: /since: expected/ } }, query);
    }
    for (const limit of ['0', '1001', 'x', '-1', '1.5', '']) {
      const answer = await ingest.call('GET', `sessions/cam/detections?limit=${limit}`);
      t.match(answer, { status: 400, body: { message: /limit: expected a whole number/ } }, limit);
    }
  });

  await t.test('no consumer is left behind, and a removed session keeps its history', async (t) => {
    const manager = await bus.connection.jetstreamManager();
    t.equal((await manager.streams.info('DETECTIONS')).state.consumer_count, 0);
    await ingest.call('DELETE', 'sessions/cam');
    t.equal((await read('?limit=1')).detections.length, 1);
  });

  await t.test('health tells of each detector', async (t) => {
    const facts = { id: 'd1', model: 'rtdetr', provider: 'cuda' };
    const metadata = facts;
    const stats = () => ({ ...facts, frames: 7 });
    await registerService(bus, { name: 'detector', description: 'test', metadata, stats });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { body } = await ingest.call('GET', 'health');
    t.match(body, { status: 'healthy', model_loaded: true, gpu_available: true, reasons: [] });
    t.same((body as { detectors: unknown }).detectors, [facts]);
  });
});
