import { everyCamera } from '@framebus/ingest/dist/src/allowed-cameras.js';
import { readAccessUnits } from '@framebus/ingest/dist/src/rtsp/client.js';
import { MediaMtx, publishFile, Stack, until } from '@framebus/test';
import t from 'tap';

const options = { cameras: everyCamera, timeoutMs: 5_000, silenceTimeoutMs: 10_000 };

/** Access units of a camera as ingest's RTSP client reads them, up to `count`. */
async function unitsOf(url: string, count: number): Promise<number> {
  const stop = new AbortController();
  let units = 0;
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]);
  await readAccessUnits(
    url,
    options,
    signal,
    () => {},
    () => {
      units++;
      if (units === count) stop.abort();
    },
  );
  return units;
}

async function isPublished(server: MediaMtx, name: string): Promise<boolean> {
  return (await server.api(`/v3/paths/get/${name}`)).ok;
}

t.test('only the publisher publishes and only the reader reads', async (t) => {
  await using server = await MediaMtx.start();
  const [publisher, reader] = [server.publishUrl('yard'), server.readUrl('yard')];
  for (const url of [server.url('yard'), server.url('yard', 'publisher:wrong'), reader]) {
    await using refused = await publishFile(url);
    await until('a camera without the login is refused', () => !refused.running);
    t.notOk(await isPublished(server, 'yard'), 'nothing is published');
  }
  await using _camera = await publishFile(publisher);
  await until('a camera with it is not', () => isPublished(server, 'yard'));
  for (const url of [server.url('yard'), server.url('yard', 'reader:wrong'), publisher]) {
    await t.rejects(unitsOf(url, 1), { code: 'CAMERA_UNAUTHORISED' });
  }
  await t.rejects(unitsOf(server.readUrl('garden'), 1), { code: 'CAMERA_NOT_FOUND' });
  t.equal(await unitsOf(reader, 40), 40);
  t.equal((await fetch(`${server.apiUrl}/v3/paths/list`)).status, 401, 'nor is the API open');
});

t.test('a camera that comes back takes its path from its old connection', async (t) => {
  await using server = await MediaMtx.start();
  await using old = await publishFile(server.publishUrl('yard'));
  await until('the camera is there', () => isPublished(server, 'yard'));
  await using _again = await publishFile(server.publishUrl('yard'));
  await until('the old connection is ended', () => !old.running);
  await until(
    'the new one is read',
    async () => (await unitsOf(server.readUrl('yard'), 20)) === 20,
  );
  t.notOk(old.running);
});

t.test('a session goes on by itself after MediaMTX was killed and is back', async (t) => {
  await using server = await MediaMtx.start();
  await using stack = await Stack.start();
  const session = async () => {
    const path = '/api/v1/video/sessions/yard';
    return (await stack.call<{ status: string; frame_count: number }>('GET', path)).body;
  };
  const grows = async (what: string) => {
    const { frame_count: before } = await session();
    const poll = { timeoutMs: 45_000, everyMs: 1_000 };
    return until(what, async () => (await session()).frame_count > before + 10, poll);
  };
  const publish = () => publishFile(server.publishUrl('yard'));
  {
    await using _camera = await publish();
    await stack.startSession('yard', server.readUrl('yard'));
    t.ok(await grows('pictures arrive'));
    await server.kill();
    const lost = async () => (await session()).status === 'reconnecting';
    t.ok(await until('it is lost', lost, { timeoutMs: 60_000, everyMs: 1_000 }));
  }
  await server.up();
  await using _camera = await publish();
  t.ok(await grows('pictures arrive again'));
  t.equal((await session()).status, 'running');
  const { body } = await stack.call('GET', '/api/v1/video/sessions');
  t.notMatch(JSON.stringify(body), 'readForTests', 'the login is not shown');
});
