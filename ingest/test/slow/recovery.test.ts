import { isRunning, NatsServer, until } from '@framebus/test';
import t from 'tap';
import { ascends, FrameTap } from '../frame-tap.js';
import { IngestProcess } from '../ingest-process.js';
import { RtspCamera } from '../rtsp-camera.js';

const cam = { cam: 'test:320x240@25' };

t.test('frames flow again within 5 s after nats-server was killed and is back', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url);
  const id = await ingest.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 10);

  for (const awayMs of [0, 1_500]) {
    await nats.kill();
    const began = performance.now();
    const answer = await until('503', async () => {
      const tried = await ingest.call<{ code: string }>('GET', 'sessions');
      return tried.status === 503 && tried;
    });
    t.equal(answer.body.code, 'NATS_UNAVAILABLE');
    t.ok(performance.now() - began < 2_000, 'the answer did not hang');
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    const before = tap.frames.length;
    await nats.up();
    const upAt = performance.now();
    await until('frames again', () => tap.frames.length >= before + 3);
    const tookMs = Math.round(performance.now() - upAt);
    t.ok(tookMs < 5_000, `frames again after ${tookMs} ms`);
  }
  // The last frame before comes again.
  t.ok(ascends([...new Set(tap.indexes)]), 'indexes grow on');
  await until('running', async () => (await ingest.session(id)).status === 'running');
});

t.test('when an ingest is killed, another takes its session within 10 s', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using first = await IngestProcess.start(nats.url, { INGEST_ID: 'first' });
  const id = await first.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 10);
  await using second = await IngestProcess.start(nats.url, { INGEST_ID: 'second' });
  t.equal((await second.session(id)).owner, 'first', 'any ingest tells of it');
  const orphans = await first.ffmpegs();
  t.equal(orphans.length, 1);

  await first.child.stop('SIGKILL');
  const killedAt = performance.now();
  const before = tap.frames.length;
  await until('frames again', () => tap.frames.length >= before + 3, { timeoutMs: 60_000 });
  const tookMs = Math.round(performance.now() - killedAt);
  t.ok(tookMs < 10_000, `frames again after ${tookMs} ms`);
  t.ok(ascends(tap.indexes), 'indexes grow on');
  t.equal((await second.session(id)).owner, 'second');
  await until("the dead ingest's ffmpeg has ended", () => !isRunning(orphans[0] ?? 0));
});
