import { setTimeout as sleep } from 'node:timers/promises';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { FrameTap } from '../frame-tap.js';
import { IngestProcess } from '../ingest-process.js';

// Nothing listens there: when a session is taken and stopped is what is looked at.
const stream_url = 'rtsp://127.0.0.1:9/cam';

t.test('a stop is told once, whoever has the session at that moment', async (t) => {
  await using nats = await NatsServer.start();
  await using tap = await FrameTap.open(nats.url);
  await using first = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
  await using second = await IngestProcess.start(nats.url, { INGEST_ID: 'second' });
  const toldOf = (id: string) =>
    tap.events.flatMap((e) => (e.type === 'status' && e.session_id === id ? [e.status] : []));
  const ids = Array.from({ length: 16 }, (_, i) => `s${i}`);
  for (const [i, session_id] of ids.entries()) {
    await first.start({ session_id, stream_url });
    await sleep(i * 8);
    await (i % 2 === 0 ? first : second).stop(session_id);
  }

  await first.start({ session_id: 'orphan', stream_url });
  await until('an owner', async () => (await first.session('orphan')).owner !== null);
  const { owner } = await first.session('orphan');
  const [owning, other] = owner === 'first' ? [first, second] : [second, first];
  await owning.child.stop('SIGKILL');
  t.equal((await other.stop('orphan')).status, 200);
  ids.push('orphan');

  await until('all are told', () => ids.every((id) => toldOf(id).includes('stopped')));
  await sleep(1_000);
  for (const id of ids) {
    const told = toldOf(id);
    t.equal(told.filter((status) => status === 'stopped').length, 1, `${id}: once`);
    t.equal(told.at(-1), 'stopped', `${id}: last`);
  }
});
