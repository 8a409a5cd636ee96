import type { DetectionEvent } from '@framebus/contract';
import { type Child, grows, publishFile, repositoryFile, until, type Viewer } from '@framebus/test';
import t from 'tap';
import { makeBaseImages } from './base-images.js';
import { command } from './command.js';
import { Deployment } from './deployment.js';
import { Engine } from './engine.js';
import { historyOf, missingTickets } from './history.js';
import { missingPrograms } from './programs.js';

const cameras = ['cam-1', 'cam-2', 'cam-3', 'cam-4'];
/** A detector works on one frame, has one prepared and one whose result is on its way. */
const inHand = 3;

const startedAt = performance.now();
const say = (words: string) =>
  t.comment(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${words}`);
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

const missing = await missingPrograms();
if (missing.length > 0) {
  t.bailout(
    `NOT RUN: install ${missing.join(', ')} (Debian: docker.io debootstrap busybox-static golang)`,
  );
}
const engine = await Engine.open(say);
const deployment = new Deployment(engine);
const publishers: Child[] = [];
const viewers = new Map<string, Viewer>();
t.teardown(async () => {
  try {
    for (const viewer of viewers.values()) await viewer[Symbol.asyncDispose]();
    for (const publisher of publishers) await publisher.stop('SIGKILL');
    await deployment[Symbol.asyncDispose]();
  } finally {
    await engine[Symbol.asyncDispose]();
  }
});

await t.test('docker compose takes the files in every combination', async (t) => {
  const overrides = ['gpu', 'cluster', 'tls', 'embedded-gateway'];
  const env = ['--env-file', repositoryFile('compose/.env.example')];
  process.env.TLS_DIR = '/tmp';
  for (let chosen = 0; chosen < 2 ** overrides.length; chosen++) {
    const names = overrides
      .filter((_, i) => chosen & (1 << i))
      .map((name) => `compose.${name}.yaml`);
    const files = ['compose.yaml', ...names].map((name) => repositoryFile(`compose/${name}`));
    for (const profile of [[], ['--profile', '*']]) {
      const args = [...env, ...files.flatMap((file) => ['--file', file]), ...profile];
      await engine.docker(['compose', ...args, 'config', '--quiet']);
    }
    t.pass(names.join(' ') || 'compose.yaml alone');
  }
  const root = [
    '--project-directory',
    repositoryFile(''),
    '--file',
    repositoryFile('compose.yaml'),
  ];
  const listed = await engine.docker(['compose', ...root, 'config', '--services']);
  t.match(listed, 'detector', 'from the root');
});

await t.test('every container gets healthy', async () => {
  if (engine.own) await makeBaseImages(engine, say);
  say('building the images');
  await deployment.build();
  say('starting the containers');
  await deployment.up().catch(async (error: unknown) => {
    say(await deployment.logs());
    throw error;
  });
  say('every container is healthy');
});

if (!t.passing()) t.bailout('there is no stack to look at');

const framesSeen = () =>
  [...viewers.values()].reduce((sum, viewer) => sum + viewer.frameIndexes.length, 0);

async function framesPerSecond(): Promise<number> {
  await seconds(2);
  const before = framesSeen();
  await seconds(8);
  return (framesSeen() - before) / 8;
}

/** Seconds until each viewer has had more frames than what was on its way when it was called. */
async function recovery(what: string): Promise<number> {
  const from = performance.now();
  const seen = [...viewers.values()].map((viewer) => [viewer, viewer.frameIndexes.length] as const);
  const all = () => seen.every(([viewer, count]) => viewer.frameIndexes.length > count + inHand);
  await until(what, all, { timeoutMs: 60_000 });
  const took = (performance.now() - from) / 1_000;
  say(`${what}: frames for every viewer again after ${took.toFixed(1)} s`);
  return took;
}

/** The first events of each camera, to see what a restart did to them. */
function firstOf(events: readonly DetectionEvent[]): string {
  const first = (camera: string) =>
    events
      .filter((event) => event.session_id === camera)
      .slice(0, 4)
      .map((event) => `${event.previous_ticket_index}<${event.ticket_index}`);
  return cameras.map((camera) => `${camera}: ${first(camera).join(' ')}`).join('; ');
}

async function allEvents() {
  const histories = [];
  for (const camera of cameras) histories.push(await historyOf(deployment, camera));
  return histories.flat();
}

t.test('services run without power over their host', async (t) => {
  for (const container of await deployment.containers()) {
    const format = '{{.Name}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}';
    const shown = (await engine.docker(['inspect', '--format', format, container])).trim();
    t.match(shown, / true \[ALL\]$/, shown);
  }
  for (const service of ['ingest', 'detector', 'fanout', 'llm', 'gateway', 'mediamtx']) {
    const who = await deployment.compose(['exec', '-T', service, 'id', '-u']);
    t.equal(who.trim(), '1000', service);
  }
  const write = deployment.compose(['exec', '-T', 'detector', 'touch', '/app/x']);
  await t.rejects(write, /Read-only file system/);
});

t.test('doors are closed to those without a key or password', async (t) => {
  t.equal((await fetch(`${deployment.url}/api/v1/video/sessions`)).status, 401);
  const options = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=5', '-t', '1', '-f', 'rtsp'];
  const url = deployment.publishUrl('cam-1', 'aWrongPassword');
  const ffmpeg = ['-hide_banner', '-nostdin', ...options, '-rtsp_transport', 'tcp', url];
  await t.rejects(command('ffmpeg', ffmpeg), /401 Unauthorized/);
});

t.test('cameras are analysed and shown through the gateway', async (t) => {
  const page = await fetch(`${deployment.url}/`);
  t.equal(page.status, 200);
  t.match(await page.text(), '<title>');
  for (const camera of cameras) {
    publishers.push(await publishFile(deployment.publishUrl(camera)));
    const spec = { session_id: camera, stream_url: deployment.readUrl(camera) };
    await deployment.call('POST', '/api/v1/video/start', spec);
    viewers.set(camera, await deployment.view(camera, 'json', '&frames=none'));
  }
  const drawn = await deployment.view('cam-1', 'json');
  const result = await until('an annotated frame', () => drawn.of('frame_result')[2], {
    timeoutMs: 30_000,
  });
  await drawn[Symbol.asyncDispose]();
  const jpeg = Buffer.from(result.annotated_frame ?? '', 'base64');
  t.equal(jpeg.readUInt16BE(0), 0xffd8, 'is a JPEG');
  t.ok((result.detections ?? []).length > 0, 'with detections');
});

t.test(
  'three detectors analyse more than one does, and none of their frames is lost',
  async (t) => {
    const one = await framesPerSecond();
    await deployment.scaleDetectors(3);
    const three = await framesPerSecond();
    await deployment.scaleDetectors(1);
    const again = await framesPerSecond();
    say(`1, 3, 1 detectors: ${one}, ${three}, ${again} frames per second`);
    t.ok(three > 2 * one, `${(three / one).toFixed(2)} times as many`);
    t.ok(again < 0.6 * three);
    const events = await allEvents();
    const frames = new Set(events.map((event) => `${event.session_id} ${event.frame_index}`));
    t.equal(frames.size, events.length, 'no frame gave two events');
    const missing = missingTickets(events, inHand);
    t.same(missing, [], `each of ${events.length} frames taken gave an event`);
  },
);

t.test('a killed detector takes with it what it had in hand, and comes back', async (t) => {
  await deployment.scaleDetectors(2);
  const before = (await deployment.containers('detector')).length;
  const [victim = ''] = await deployment.containers('detector');
  await deployment.crash(victim);
  t.ok((await recovery('a detector of two killed')) < 10);
  await deployment.crash((await deployment.containers('detector'))[1] ?? '');
  await deployment.crash(victim);
  t.ok((await recovery('all detectors killed')) < 30);
  await until(
    'as many detectors as before',
    async () => {
      const { detectors } = await deployment.call<{ detectors: unknown[] }>(
        'GET',
        '/api/v1/video/health',
      );
      return detectors.length === before;
    },
    { timeoutMs: 30_000, everyMs: 1_000 },
  );
  await seconds(2);
  const missing = missingTickets(await allEvents(), inHand);
  say(`${missing.length} frames were in the hands of the three killed detectors`);
  t.ok(missing.length <= 3 * inHand, `${missing}`);
});

t.test('sessions outlive their ingest', async (t) => {
  const [ingest = ''] = await deployment.containers('ingest');
  await deployment.crash(ingest);
  t.ok((await recovery('ingest killed')) < 30);
  const sessions = await deployment.call<{ session_id: string; status: string }[]>(
    'GET',
    '/api/v1/video/sessions',
  );
  t.same(
    sessions.map(({ session_id, status }) => `${session_id} ${status}`).sort(),
    cameras.map((camera) => `${camera} running`),
  );
});

t.test('all goes on after a restart of NATS, with sessions and history', async (t) => {
  const before = await allEvents();
  await deployment.compose(['restart', 'nats']);
  t.ok((await recovery('nats restarted')) < 30);
  await seconds(3);
  const events = await allEvents();
  const kept = new Set(events.map((event) => `${event.session_id} ${event.frame_index}`));
  t.equal(kept.size, events.length, 'no frame gave two events');
  const gone = before.filter((event) => !kept.has(`${event.session_id} ${event.frame_index}`));
  t.same(gone, [], 'history is there');
  const since = Math.max(...events.map((event) => event.delivery_epoch));
  const after = events.filter((event) => event.delivery_epoch === since);
  say(`previous<ticket of the first frames since: ${firstOf(after)}`);
  t.notOk(
    before.some((event) => event.delivery_epoch === since),
    'tickets are counted anew',
  );
  t.same(
    missingTickets(events, inHand, since),
    [],
    `each of ${after.length} frames since gave an event`,
  );
  for (const [camera, viewer] of viewers) {
    t.equal(viewer.closed, undefined, `${camera}'s viewer was open all the time`);
    t.ok(grows(viewer.frameIndexes), 'and saw growing indexes only');
  }
});

t.test('an end leaves nothing behind', async (t) => {
  for (const viewer of viewers.values()) await viewer[Symbol.asyncDispose]();
  await deployment[Symbol.asyncDispose]();
  t.same(await deployment.leftovers(), []);
});
