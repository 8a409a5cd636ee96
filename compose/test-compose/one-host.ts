import type { DetectionEvent } from '@framebus/contract';
import { until } from '@framebus/test';
import type { Test } from 'tap';
import { Audience, framesOf, inHand } from './audience.js';
import { command } from './command.js';
import { Deployment } from './deployment.js';
import type { Engine } from './engine.js';
import { missingTickets } from './history.js';

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

/** The first events of each camera, to see what a restart did to them. */
function firstOf(cameras: readonly string[], events: readonly DetectionEvent[]): string {
  const first = (camera: string) =>
    events
      .filter((event) => event.session_id === camera)
      .slice(0, 4)
      .map((event) => `${event.previous_ticket_index}<${event.ticket_index}`);
  return cameras.map((camera) => `${camera}: ${first(camera).join(' ')}`).join('; ');
}

/** Tries what one host runs, from the doors to a restart of NATS. @param more is tried before its end */
export async function testOneHost(
  t: Test,
  engine: Engine,
  say: (words: string) => void,
  more: (t: Test, engine: Engine, deployment: Deployment, audience: Audience) => Promise<void>,
): Promise<void> {
  const deployment = new Deployment(engine, 'one');
  const audience = new Audience(deployment, 4, say);
  t.teardown(async () => {
    await audience[Symbol.asyncDispose]();
    await deployment[Symbol.asyncDispose]();
  });

  say('starting the containers');
  await deployment.up().catch(async (error: unknown) => {
    say(await deployment.logs());
    throw error;
  });
  say('every container is healthy');

  await t.test('services run without power over their host', async (t) => {
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

  await t.test('doors are closed to those without a key or password', async (t) => {
    t.equal((await fetch(`${deployment.url}/api/v1/video/sessions`)).status, 401);
    const options = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=5', '-t', '1', '-f', 'rtsp'];
    const url = deployment.publishUrl('cam-1', 'aWrongPassword');
    const ffmpeg = ['-hide_banner', '-nostdin', ...options, '-rtsp_transport', 'tcp', url];
    await t.rejects(command('ffmpeg', ffmpeg), /401 Unauthorized/);
  });

  await t.test('cameras are analysed and shown through the gateway', async (t) => {
    const page = await fetch(`${deployment.url}/`);
    t.equal(page.status, 200);
    t.match(await page.text(), '<title>');
    await audience.open();
    const drawn = await deployment.view('cam-1', 'json');
    const result = await until('an annotated frame', () => drawn.of('frame_result')[2], {
      timeoutMs: 60_000,
    });
    await drawn[Symbol.asyncDispose]();
    const jpeg = Buffer.from(result.annotated_frame ?? '', 'base64');
    t.equal(jpeg.readUInt16BE(0), 0xffd8, 'is a JPEG');
    t.ok((result.detections ?? []).length > 0, 'with detections');
  });

  await t.test(
    'three detectors analyse more than one does, and none of their frames is lost',
    async (t) => {
      const one = await audience.framesPerSecond();
      await deployment.scaleDetectors(3);
      const three = await audience.framesPerSecond();
      await deployment.scaleDetectors(1);
      const again = await audience.framesPerSecond();
      say(`1, 3, 1 detectors: ${one}, ${three}, ${again} frames per second`);
      t.ok(three > 2 * one, `${(three / one).toFixed(2)} times as many`);
      t.ok(again < 0.6 * three);
      const events = await audience.events();
      t.equal(framesOf(events).size, events.length, 'no frame gave two events');
      const missing = missingTickets(events, inHand);
      t.same(missing, [], `each of ${events.length} frames taken gave an event`);
    },
  );

  await t.test('a killed detector takes with it what it had in hand, and comes back', async (t) => {
    await deployment.scaleDetectors(2);
    const before = (await deployment.containers('detector')).length;
    const [victim = ''] = await deployment.containers('detector');
    await deployment.crash(victim);
    t.ok((await audience.recovery('a detector of two killed')) < 10);
    await deployment.crash((await deployment.containers('detector'))[1] ?? '');
    await deployment.crash(victim);
    t.ok((await audience.recovery('all detectors killed')) < 30);
    await until(
      'as many detectors as before',
      async () => {
        const { detectors } = await deployment.call<{ detectors: unknown[] }>(
          'GET',
          '/api/v1/video/health',
        );
        return detectors.length === before;
      },
      { timeoutMs: 60_000, everyMs: 1_000 },
    );
    await seconds(2);
    const missing = missingTickets(await audience.events(), inHand);
    say(`${missing.length} frames were in the hands of the three killed detectors`);
    t.ok(missing.length <= 3 * inHand, `${missing}`);
  });

  await t.test('sessions outlive their ingest', async (t) => {
    const [ingest = ''] = await deployment.containers('ingest');
    await deployment.crash(ingest);
    t.ok((await audience.recovery('ingest killed')) < 30);
    await audience.assertWell(t);
  });

  await t.test('all goes on after a restart of NATS, with sessions and history', async (t) => {
    const before = await audience.events();
    await deployment.compose(['restart', 'nats']);
    t.ok((await audience.recovery('nats restarted')) < 30);
    await seconds(3);
    const events = await audience.events();
    const kept = framesOf(events);
    t.equal(kept.size, events.length, 'no frame gave two events');
    const gone = [...framesOf(before)].filter((frame) => !kept.has(frame));
    t.same(gone, [], 'history is there');
    const since = Math.max(...events.map((event) => event.delivery_epoch));
    const after = events.filter((event) => event.delivery_epoch === since);
    say(`previous<ticket of the first frames since: ${firstOf(audience.cameras, after)}`);
    t.notOk(
      before.some((event) => event.delivery_epoch === since),
      'tickets are counted anew',
    );
    const missing = missingTickets(events, inHand, since);
    if (missing.length > 0) say(`what detectors dropped: ${await deployment.drops()}`);
    t.same(missing, [], `each of ${after.length} frames since gave an event`);
    await audience.assertWell(t);
  });

  await more(t, engine, deployment, audience);

  await t.test('an end leaves nothing behind', async (t) => {
    await audience[Symbol.asyncDispose]();
    await deployment[Symbol.asyncDispose]();
    t.same(await deployment.leftovers(), []);
  });
}
