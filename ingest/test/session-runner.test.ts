import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { ascends, FrameTap } from './frame-tap.js';
import { IngestProcess } from './ingest-process.js';
import { RtspCamera } from './rtsp-camera.js';

const cam = { cam: 'test:320x240@25' };

t.test('a camera that goes away is read again when it is back, and indexes grow on', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url);
  const id = await ingest.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 5);

  await camera.down();
  const away = await until('reconnecting', async () => {
    const session = await ingest.session(id);
    return session.status === 'reconnecting' && session;
  });
  t.ok(away.last_error, 'an error is shown');
  const refused = await until('refused', async () => {
    const session = await ingest.session(id);
    return /nothing listens/.test(session.last_error ?? '') && session;
  });
  t.match(refused, { last_error_code: 'CAMERA_REFUSED', last_error_details: {} });
  t.ok(Math.abs((refused.last_error_at ?? 0) - Date.now() / 1_000) < 60, 'and when it was');
  const before = tap.frames.length;
  await camera.up();
  await until('frames again', () => tap.frames.length >= before + 5);
  const again = await until('running again', async () => {
    const session = await ingest.session(id);
    return session.status === 'running' && session;
  });
  t.equal(again.last_error_code, 'CAMERA_REFUSED', 'the error stays, with the time of it');
  t.ok(ascends(tap.indexes), 'indexes grow on');
  const told = tap.statuses.filter((status, at) => status !== tap.statuses[at - 1]);
  t.same(told, ['pending', 'running', 'reconnecting', 'running'], 'each change is told');
  t.ok(
    tap.events.some(
      (event) =>
        event.type === 'status' &&
        event.code === 'CAMERA_REFUSED' &&
        (event.retry_s ?? 0) >= 1 &&
        /nothing listens.*trying again/.test(event.message),
    ),
    'why is told, in words and by code',
  );

  const toldBefore = tap.events.length;
  const [ffmpeg = 0] = await ingest.ffmpegs();
  process.kill(ffmpeg, 'SIGKILL');
  const failed = await until('its ffmpeg is missed', () =>
    tap.events.slice(toldBefore).find((event) => event.type === 'status' && event.retry_s),
  );
  t.match(failed, { status: 'reconnecting', retry_s: 1 }, 'the wait begins anew with its pictures');
});

t.test('a frozen camera is read anew', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url, { FRAME_TIMEOUT_MS: '1500' });
  const id = await ingest.start({ stream_url: camera.url('cam') });
  await until('frames', () => tap.frames.length >= 5);

  camera.freeze();
  await until('the watchdog', async () =>
    /no picture for 1.5 s/.test((await ingest.session(id)).last_error ?? ''),
  );
  t.match(await ingest.session(id), {
    ...{ status: 'reconnecting', last_error_code: 'CAMERA_FROZEN' },
    last_error_details: { seconds: 1.5 },
  });
  camera.thaw();
  const before = tap.frames.length;
  await until('frames again', () => tap.frames.length >= before + 5);
  t.ok(ascends(tap.indexes), 'indexes grow on');
  t.equal((await ingest.ffmpegs()).length, 1, 'the frozen reader is gone');
});

t.test('a stop works in every state and leaves no ffmpeg', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url);
  const states = {
    'at once': { url: camera.url('cam'), ready: () => true },
    running: { url: camera.url('cam'), ready: (status: string) => status === 'running' },
    reconnecting: { url: camera.url('none'), ready: (status: string) => status === 'reconnecting' },
  };
  for (const [name, { url, ready }] of Object.entries(states)) {
    const id = await ingest.start({ stream_url: url });
    await until(name, async () => ready((await ingest.session(id)).status));
    const answer = await ingest.stop(id);
    t.match(answer, { status: 200, body: { session_id: id, status: 'stopped' } }, name);
    t.equal((await ingest.session(id)).status, 'stopped');
    t.match(await ingest.stop(id), { status: 200 }, `${name}, and again`);
    await until('no ffmpeg', async () => (await ingest.ffmpegs()).length === 0);
  }
  const ended = tap.frames.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(tap.frames.length, ended, 'no more frames');
  const stops = () => tap.statuses.filter((status) => status === 'stopped').length;
  await until('stops are told', () => stops() >= 3);
  // A second telling would come within the half second in which ingests look for stops that nobody told.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  t.equal(stops(), 3, 'each is told once');
});

t.test('a stopped session starts again, with other parameters too, and counts on', async (t) => {
  await using nats = await NatsServer.start();
  await using camera = await RtspCamera.start(cam);
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url);
  const start = { session_id: 'door', stream_url: camera.url('cam') };
  await ingest.start(start);
  await until('frames', () => tap.frames.length >= 5);
  await ingest.stop('door');
  await until('no ffmpeg', async () => (await ingest.ffmpegs()).length === 0);
  const last = tap.indexes.at(-1) ?? 0;
  await until('the count is kept', async () => (await ingest.session('door')).frame_count >= last);
  await ingest.start({ ...start, max_width: 160 });
  await until('small frames', () => tap.frames.at(-1)?.width === 160);
  t.ok(ascends(tap.indexes), 'indexes grow on');
});
