import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, createLogger } from '@framebus/contract/service';
import {
  freePort,
  grows,
  NatsServer,
  natsLogin,
  natsLoginEnv,
  publishFile,
  repositoryFile,
  Stack,
  startService,
  until,
  withUsers,
} from '@framebus/test';
import t, { type Test } from 'tap';
import { NatsClient } from './nats-client.js';

const servicesBus = { busConfig: natsLogin('ingest'), busDeclares: ['streams'] } as const;
/** Of services: what people are refused is tried beside them. */
const violations = (nats: NatsServer) =>
  nats.output.split('\n').filter((line) => /Violation/.test(line) && !/viewer/.test(line));

/** What people may look at, tried on a stack of which no session `spare` runs. */
async function peopleRead(t: Test, nats: NatsServer, stack: Stack): Promise<void> {
  const spec = JSON.stringify({ session_id: 'spare', wanted: 'stopped' });
  await stack.bus.bucket('sessions').put('spare', spec);
  for (const user of ['cli', 'viewer'] as const) {
    await using client = await NatsClient.open(nats, user);
    const { connection } = client;
    let events = 0;
    connection.subscribe('status.>', { callback: () => events++ });
    await connection.flush();
    await stack.bus.jetstream.publish('status.spare', '{}');
    await until(`${user} hears events`, () => events > 0);
    const manager = await connection.jetstreamManager();
    const streams = await manager.streams.list().next();
    t.ok(streams.length >= 5, `${user}: nats stream ls`);
    t.ok(
      (await manager.streams.info('DETECTIONS')).state.messages > 0,
      `${user}: nats stream info`,
    );
    const kept = await connection.request('$JS.API.DIRECT.GET.DETECTIONS.status.spare', '');
    t.equal(kept.headers?.get('Nats-Subject'), 'status.spare', `${user}: nats stream get`);
    const names: string[] = [];
    for await (const { name } of await connection.services.client().ping()) names.push(name);
    t.same(names.sort(), ['detector', 'fanout', 'ingest'], `${user}: nats micro ls`);
    const health = await connection.request('detector.health', '');
    t.match(health.json(), { model: 'shapes' }, `${user}: nats req detector.health`);
    const kv = await connection
      .jetstream()
      .views.kv('sessions', { bindOnly: true, allow_direct: true });
    if (user === 'viewer') {
      await t.rejects(kv.get('spare'), { code: 'PERMISSIONS_VIOLATION' }, 'no camera credentials');
      continue;
    }
    t.equal((await kv.get('spare'))?.string(), spec, 'cli: nats kv get');
    const consumer = await manager.consumers.add('DETECTIONS', { ack_policy: 'none' as never });
    t.ok(consumer.num_pending > 0, 'cli: nats stream view');
  }
}

t.test(
  'the whole pipeline works under one user a service, and asks for nothing else',
  async (t) => {
    const nats = await NatsServer.start(withUsers());
    await using stack = await Stack.start({ nats, natsEnv: natsLoginEnv, ...servicesBus });
    await using _camera = await publishFile(stack.rtspUrl('a'));
    await stack.startSession('a', stack.rtspUrl('a'));
    await using viewer = await stack.view('a');
    await until('results', () => viewer.frameIndexes.length > 5, { timeoutMs: 60_000 });
    await until('alerts', () => viewer.of('alert').length > 0);
    const { body } = await stack.call<{ detectors: unknown[] }>('GET', '/api/v1/video/health');
    t.equal(body.detectors.length, 1, 'health hears the detector');
    const path = '/api/v1/video/sessions/a/detections?limit=3';
    const history = await stack.call<{ detections: unknown[] }>('GET', path);
    t.equal(history.body.detections.length, 3, 'history');
    const since = Date.now() / 1_000 - 2;
    await using late = await stack.view('a', 'json', `frames=none&since=${since}`);
    await until('replay', () => late.frameIndexes.length > 5);
    t.same(violations(nats), [], 'nothing was refused');
    await t.test('people read all that there is as cli, and the live part as viewer', (t) =>
      peopleRead(t, nats, stack),
    );

    await nats.kill();
    await nats.up();
    const seen = viewer.frameIndexes.length;
    await until('results after a crash', () => viewer.frameIndexes.length > seen + 3);
    t.ok(grows(viewer.frameIndexes));
    const removal = await stack.call('DELETE', '/api/v1/video/sessions/a');
    t.equal(removal.status, 200);
    t.same(violations(nats), [], 'nothing was refused');
  },
);

/** What each user must not be able to do. */
const forbidden = {
  ingest: {
    publish: [
      'detections.a',
      'alerts.a',
      '$JS.API.STREAM.DELETE.DETECTIONS',
      '$JS.API.STREAM.PURGE.DETECTIONS',
      '$JS.API.CONSUMER.MSG.NEXT.TICKETS.detectors',
      '$JS.API.CONSUMER.DELETE.TICKETS.detectors',
      '$KV.alert-cooldown.a',
      '_INBOX_detector.x',
    ],
    subscription: ['>', 'frames.a', 'detections.a', '_INBOX_detector.>', '_INBOX.>'],
  },
  detector: {
    publish: [
      'frames.a',
      'tickets.a',
      'alerts.a',
      'status.a',
      '$KV.sessions.a',
      '$KV.session-state.a',
      '$JS.API.STREAM.DELETE.FRAMES',
      '$JS.API.STREAM.PURGE.TICKETS',
      '$JS.API.STREAM.CREATE.FRAMES',
      '$JS.API.STREAM.UPDATE.TICKETS',
      '$JS.API.CONSUMER.CREATE.DETECTIONS',
      '$JS.API.CONSUMER.DELETE.TICKETS.detectors',
      '$JS.API.STREAM.MSG.DELETE.DETECTIONS',
      '_INBOX_ingest.x',
    ],
    subscription: ['>', 'detections.a', 'frames.a', '_INBOX_ingest.>', '$KV.sessions.*'],
  },
  fanout: {
    publish: [
      'frames.a',
      'tickets.a',
      'detections.a',
      'status.a',
      '$KV.sessions.a',
      '$KV.session-state.a',
      '$JS.API.STREAM.DELETE.DETECTIONS',
      '$JS.API.STREAM.PURGE.DETECTIONS',
      '$JS.API.STREAM.UPDATE.DETECTIONS',
      '$JS.API.CONSUMER.MSG.NEXT.TICKETS.detectors',
      '$JS.API.CONSUMER.CREATE.TICKETS.detectors',
      '_INBOX_detector.x',
    ],
    subscription: ['>', 'tickets.a', '_INBOX_ingest.>', '$KV.sessions.*'],
  },
  viewer: {
    publish: [
      'frames.a',
      'tickets.a',
      'detections.a',
      'alerts.a',
      'status.a',
      '$KV.sessions.a',
      '$KV.session-state.a',
      '$JS.API.STREAM.DELETE.DETECTIONS',
      '$JS.API.STREAM.PURGE.DETECTIONS',
      '$JS.API.STREAM.CREATE.X',
      '$JS.API.CONSUMER.CREATE.DETECTIONS',
      '$JS.API.DIRECT.GET.KV_sessions.$KV.sessions.a',
      '$JS.API.STREAM.MSG.GET.KV_sessions',
      '_INBOX_ingest.x',
    ],
    subscription: ['>', '$KV.>', '_INBOX_ingest.>', '$JS.API.>'],
  },
  cli: {
    publish: [
      'frames.a',
      'tickets.a',
      'detections.a',
      'alerts.a',
      'status.a',
      '$KV.sessions.a',
      '$KV.session-state.a',
      '$JS.API.STREAM.DELETE.DETECTIONS',
      '$JS.API.STREAM.PURGE.DETECTIONS',
      '$JS.API.STREAM.UPDATE.DETECTIONS',
      '$JS.API.CONSUMER.DELETE.TICKETS.detectors',
      '$JS.API.CONSUMER.MSG.NEXT.TICKETS.detectors',
      '$JS.API.CONSUMER.CREATE.TICKETS',
      '_INBOX_ingest.x',
    ],
    subscription: ['>', '$KV.>', '_INBOX_ingest.>', '$JS.API.>'],
  },
} as const;

t.test('each user is refused what is not its own', async (t) => {
  await using nats = await NatsServer.start(withUsers());
  for (const user of Object.keys(forbidden) as (keyof typeof forbidden)[]) {
    await using client = await NatsClient.open(nats, user);
    for (const operation of ['publish', 'subscription'] as const) {
      for (const subject of forbidden[user][operation]) {
        t.ok(await client.isRefused(operation, subject), `${user}: ${operation} ${subject}`);
      }
    }
    t.notOk(await client.isRefused('subscription', `_INBOX_${user}.x`), `${user}: its inbox`);
  }
});

t.test('a wrong password is told in words, and never shown', async (t) => {
  await using nats = await NatsServer.start(withUsers());
  const lines: string[] = [];
  const log = createLogger('test', 'silent');
  log.warn = ((fields: object, message: string) =>
    lines.push(JSON.stringify({ ...fields, message }))) as never;
  const stop = new AbortController();
  const config = { natsUrl: [nats.url], natsUser: 'ingest', natsPassword: 'not-the-password' };
  const opening = Bus.open(config, 'ingest', log, stop.signal);
  const line = await until('it is told', () => lines[0]);
  t.match(line, /NATS refuses user ingest: NATS_USER, NATS_PASSWORD/);
  t.notMatch(lines.join(), /not-the-password/);
  stop.abort();
  await t.rejects(opening, { name: 'AbortError' });
});

t.test('a missing permission is logged with user and subject, and ends readiness', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-conf-'));
  await cp(repositoryFile('compose/nats'), folder, { recursive: true });
  const users = await readFile(join(folder, 'users.conf'), 'utf8');
  const less = users
    .replace('"$SRV.STATS.detector"', '')
    .replace('"frames.*"\n            "detections.*"', '');
  t.equal(less.length < users.length - 30, true, 'both are gone');
  await writeFile(join(folder, 'users.conf'), less);
  const config = join(folder, 'nats.conf');
  await using nats = await NatsServer.start({ ...withUsers(), config });
  const ports = { ingest: await freePort(), fanout: await freePort() };
  const env = (user: 'ingest' | 'fanout') => ({ NATS_URL: nats.url, ...natsLoginEnv(user) });
  await using ingest = await startService('ingest', {
    ...env('ingest'),
    INGEST_PORT: `${ports.ingest}`,
  });
  await using fanout = await startService('fanout', {
    ...env('fanout'),
    FANOUT_PORT: `${ports.fanout}`,
  });
  const readiness = async (service: 'ingest' | 'fanout') => {
    const answer = await fetch(`http://127.0.0.1:${ports[service]}/readyz`);
    return { ...((await answer.json()) as object), status: answer.status };
  };
  await until(
    'ingest is ready',
    async () => {
      const answer = await readiness('ingest').catch((cause: unknown) => {
        throw new Error(ingest.output, { cause });
      });
      if (answer.status === 200) return true;
      throw new Error(JSON.stringify(answer));
    },
    { timeoutMs: 60_000 },
  );
  // Asks the detectors.
  await fetch(`http://127.0.0.1:${ports.ingest}/api/v1/video/health`);
  const ofIngest = 'user ingest has no permission for publish $SRV.STATS.detector';
  t.match(await readiness('ingest'), { status: 503, code: 'NATS_REFUSES', message: ofIngest });
  await until('it is logged', () => ingest.output.includes(`denied: ${ofIngest}`));
  t.equal(ingest.output.split(`denied: ${ofIngest}`).length, 2, 'logged once');
  const ofFanout = 'user fanout has no permission for subscription detections.*';
  await until('fanout listens', () => readiness('fanout'));
  t.match(await readiness('fanout'), { status: 503, code: 'NATS_REFUSES', message: ofFanout });
  await until('it is logged', () => fanout.output.includes(`denied: ${ofFanout}`));
  t.equal(fanout.output.split(`denied: ${ofFanout}`).length, 2, 'logged once');
  t.notMatch(ingest.output + fanout.output, /secret-of-/);
  await rm(folder, { recursive: true });
});
