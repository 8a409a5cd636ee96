import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { ascends, FrameTap } from './frame-tap.js';
import { IngestProcess } from './ingest-process.js';
import { RtspCamera } from './rtsp-camera.js';

const cam = { cam: 'test:320x240@25' };

t.test('an ingest that is told to end hands its sessions over at once', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using first = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
  const id = await first.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 10);
  await using second = await IngestProcess.start(nats.url, { INGEST_ID: 'second' });
  const readers = await first.ffmpegs();

  const toldAt = performance.now();
  const stopping = first.child.stop('SIGTERM');
  await until('the other has it', async () => (await second.session(id)).owner === 'second');
  const handedMs = Math.round(performance.now() - toldAt);
  t.ok(handedMs < 2_000, `handed over after ${handedMs} ms`);
  const before = tap.frames.length;
  await until('frames again', () => tap.frames.length >= before + 3);
  t.ok(ascends(tap.indexes), 'indexes grow on');
  await stopping;
  t.equal(first.child.process.exitCode, 0, 'a clean end');
  t.throws(() => process.kill(readers[0] ?? 0, 0), 'no ffmpeg is left');
  t.notOk(tap.statuses.includes('stopped'), 'the session did not stop');
});

t.test('a stop by any ingest reaches the one that has the session', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using first = await IngestProcess.start(nats.url);
  const id = await first.start({ stream_url: camera.url('cam') });
  await until('running', async () => (await first.session(id)).status === 'running');
  await using second = await IngestProcess.start(nats.url);
  t.equal((await second.stop(id)).status, 200);
  await until('no ffmpeg', async () => (await first.ffmpegs()).length === 0);
  t.equal((await first.session(id)).status, 'stopped');
});

t.test('two ingests share the sessions', async (t) => {
  await using nats = await NatsServer.start();
  await using first = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
  await using second = await IngestProcess.start(nats.url, { INGEST_ID: 'second' });
  for (let count = 0; count < 8; count += 1) {
    // A port on which nothing listens: the sharing is what is looked at.
    await first.start({ stream_url: 'rtsp://127.0.0.1:9/cam' });
  }
  const owners = await until('all have an owner', async () => {
    const { body } = await second.call<{ owner: string | null }[]>('GET', 'sessions');
    return body.every(({ owner }) => owner !== null) && body.map(({ owner }) => owner);
  });
  const ofFirst = owners.filter((owner) => owner === 'first').length;
  t.ok(ofFirst >= 2 && ofFirst <= 6, `the first has ${ofFirst} of 8`);
});

t.test('an ingest whose lease is gone reads no more', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
  const id = await ingest.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 5);
  const kv = await tap.connection.jetstream().views.kv('session-state');
  await until('the lease is stolen', async () => {
    const entry = await kv.get(id);
    // Not told where it can be asked for, its lease counts until it expires.
    const stolen = { ...entry?.json<object>(), owner: 'thief', instance: undefined };
    return kv.update(id, JSON.stringify(stolen), entry?.revision ?? 0);
  });
  await until('no ffmpeg', async () => (await ingest.ffmpegs()).length === 0, { timeoutMs: 4_000 });
  t.equal((await ingest.session(id)).owner, 'thief');
});

t.test(
  'a session stays with its ingest when a killed nats-server has lost the lease',
  async (t) => {
    await using nats = await NatsServer.start();
    await using camera = await RtspCamera.start(cam);
    await using tap = await FrameTap.open(nats.url);
    await using first = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
    await using second = await IngestProcess.start(nats.url, { INGEST_ID: 'second' });
    const id = await first.start({ stream_url: camera.url('cam') });
    await until('frames', () => tap.frames.length >= 5);
    const owner = (await second.session(id)).owner === 'first' ? first : second;
    const readers = await owner.ffmpegs();
    await nats.kill();
    await nats.up();
    const before = tap.frames.length;
    await until('frames again', () => tap.frames.length >= before + 10);
    t.same(await owner.ffmpegs(), readers, 'the camera is not read anew');
    const kv = await tap.connection.jetstream().views.kv('session-state');
    t.equal(
      (await kv.get(id))?.json<{ owner: string }>().owner,
      owner === first ? 'first' : 'second',
    );
    // The last frame before comes again.
    t.ok(ascends([...new Set(tap.indexes)]), 'indexes grow on');
  },
);
