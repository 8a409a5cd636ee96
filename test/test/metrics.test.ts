import { readFile } from 'node:fs/promises';
import {
  type Family,
  freePort,
  publishTestPicture,
  repositoryFile,
  Stack,
  scrape,
  startService,
  total,
  until,
  videoKey,
} from '@framebus/test';
import t from 'tap';

/** Of docs/telemetry.md. */
interface Row {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly labels: readonly string[];
  readonly services: readonly string[];
  readonly meaning: string;
}

const words = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word ?? '');
const everywhere = ['ingest', 'detector', 'fanout', 'llm', 'gateway'];

async function readTable(): Promise<Row[]> {
  const text = await readFile(repositoryFile('docs/telemetry.md'), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)` \| (\w+) \| (.*) \| (.*) \| (.*) \| (.*) \|$/gm);
  return [...rows].map(
    ([, name = '', type = '', unit = '', labels = '', services = '', about]) => ({
      ...{ name, type, unit, labels: words(labels), meaning: about ?? '' },
      services: services === 'all' ? everywhere : services.split(', '),
    }),
  );
}

type Scrapes = ReadonlyMap<string, ReadonlyMap<string, Family>>;

const endings: Readonly<Record<string, RegExp>> = {
  s: /_seconds(_total)?$/,
  bytes: /_bytes(_total)?$/,
  ratio: /_ratio$/,
  frames: /(_frames|frames_\w+)$/,
};

t.test('all services tell on /metrics what docs/telemetry.md lists, and agree', async (t) => {
  const [adminPort, llmPort, detectorPort] = [await freePort(), await freePort(), await freePort()];
  await using stack = await Stack.start({
    detectorEnv: { DETECTOR_PORT: `${detectorPort}` },
    gatewayEnv: { ADMIN_PORT: `${adminPort}` },
  });
  await using llm = await startService('llm', { LLM_PORT: `${llmPort}` });
  await until('llm is ready', () => llm.output.includes('"ready"'), { timeoutMs: 90_000 });
  const urls = {
    ingest: stack.ingestUrl,
    detector: `http://127.0.0.1:${detectorPort}`,
    fanout: stack.fanoutUrl,
    llm: `http://127.0.0.1:${llmPort}`,
    gateway: `http://127.0.0.1:${adminPort}`,
  };
  const scrapeAll = async () =>
    new Map(
      await Promise.all(
        Object.entries(urls).map(async ([name, url]) => [name, await scrape(url)] as const),
      ),
    );
  await using viewer = await stack.view('cam', 'msgpack');
  const camera = await publishTestPicture(stack.rtspUrl('cam'), 10);
  await stack.startSession('cam', stack.rtspUrl('cam'));
  await until('20 results', () => viewer.of('frame_result').length >= 20, { timeoutMs: 40_000 });
  // Without its camera the session stays, and nothing counts any more.
  await camera[Symbol.asyncDispose]();
  const of = (all: Scrapes, service: string) => all.get(service) ?? new Map<string, Family>();
  let before = '';
  const all = await until(
    'nothing counts any more',
    async () => {
      const now = await scrapeAll();
      const counts = JSON.stringify([
        total(of(now, 'ingest'), 'framebus_frames_captured_total'),
        total(of(now, 'detector'), 'framebus_frames_analysed_total'),
        total(of(now, 'fanout'), 'framebus_frame_age_seconds'),
      ]);
      const same = counts === before;
      before = counts;
      return same ? now : undefined;
    },
    // Longer than between two frames.
    { timeoutMs: 30_000, everyMs: 400 },
  );

  await t.test('names, types, labels and meanings are those of the document', async (t) => {
    const rows = await readTable();
    for (const [service, families] of all) {
      const listed = rows.filter(({ services }) => services.includes(service));
      t.same([...families.keys()].sort(), listed.map(({ name }) => name).sort(), service);
      for (const { name, type, unit, labels, meaning } of listed) {
        const family = families.get(name);
        t.same([family?.type, family?.help], [type, meaning], `${service}: ${name}`);
        t.match(name, endings[unit] ?? /./, 'the unit is in the name');
        const samples = [...(family?.samples.values() ?? [])].flat();
        const told = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
        told.delete('le');
        if (samples.length > 0) t.same([...told].sort(), labels.toSorted(), `labels of ${name}`);
      }
    }
  });

  await t.test('nats micro stats, /metrics and what viewers are told agree', async (t) => {
    const stats = new Map<string, Record<string, unknown>>();
    const client = stack.bus.connection.services.client();
    for await (const { name, endpoints } of await client.stats()) {
      stats.set(name, (endpoints?.[0]?.data ?? {}) as Record<string, unknown>);
    }
    const [ingest, detector, fanout] = ['ingest', 'detector', 'fanout'].map((name) =>
      of(all, name),
    );
    if (!ingest || !detector || !fanout) throw new Error('a service is missing');
    t.match(stats.get('ingest'), {
      sessions: total(ingest, 'framebus_sessions'),
      captured: total(ingest, 'framebus_frames_captured_total'),
      published: total(ingest, 'framebus_frames_published_total'),
    });
    t.match(stats.get('detector'), {
      frames: total(detector, 'framebus_frames_analysed_total'),
      runs: total(detector, 'framebus_inference_duration_seconds'),
      dropped: { expired: total(detector, 'framebus_frames_dropped_total', { reason: 'expired' }) },
    });
    t.match(stats.get('fanout'), {
      viewers: total(fanout, 'framebus_viewers'),
      skipped: total(fanout, 'framebus_viewer_frames_skipped_total'),
      opened: total(fanout, 'framebus_viewers_opened_total'),
    });
    t.equal(total(fanout, 'framebus_viewers'), 1);
    const published = total(ingest, 'framebus_frames_published_total');
    const inTickets = (reason: string) =>
      total(ingest, 'framebus_frames_dropped_total', { reason });
    const analysed = total(detector, 'framebus_frames_analysed_total');
    const taken = analysed + total(detector, 'framebus_frames_dropped_total');
    // Of a ticket without an answer nobody knows whether it is there.
    const tickets = published - inTickets('coalesced');
    t.ok(taken <= tickets && taken >= tickets - inTickets('unpublished'), 'each turn was taken');
    const sent = total(fanout, 'framebus_frame_age_seconds', { stage: 'sent' });
    const late = total(fanout, 'framebus_events_dropped_total');
    t.equal(sent, analysed - late, 'what was analysed is sent');
    const shown = () => viewer.of('frame_result').length;
    await until('the viewer has all results', () => shown() >= sent);
    t.equal(shown(), sent, 'what the viewer was sent');

    const health = await stack.call<{ detectors: object[] }>('GET', '/api/v1/video/health');
    const [info] = detector.get('framebus_detector_info')?.samples.get('') ?? [];
    const { detector: id, model, provider } = info?.labels ?? {};
    t.match(health.body.detectors, [{ id, model, provider }]);
    const captured = total(ingest, 'framebus_frames_captured_total');
    // Not through the gateway, which limits calls.
    const session = await until('the API tells all frames', async () => {
      const answer = await fetch(`${stack.ingestUrl}/api/v1/video/sessions/cam`);
      const body = (await answer.json()) as { frame_count: number; dropped: number };
      return body.frame_count >= captured ? body : undefined;
    });
    const dropped = total(ingest, 'framebus_frames_dropped_total');
    t.same([session.frame_count, session.dropped], [captured, dropped], 'what the page shows');
  });

  await t.test('the gateway lets nobody in to /metrics', async (t) => {
    for (const path of ['/metrics', '/api/v1/video/metrics', '/ws/metrics', '/docs/metrics']) {
      const { status } = await fetch(`${stack.url}${path}`, { headers: { apikey: videoKey } });
      t.equal(status, 404, path);
    }
  });

  await t.test('a session that was removed is told no more', async (t) => {
    await stack.call('DELETE', '/api/v1/video/sessions/cam');
    const gone = await until('its metrics are gone', async () => {
      const now = await scrape(urls.ingest);
      return total(now, 'framebus_sessions') === 0 ? now : undefined;
    });
    t.equal(gone.get('framebus_frames_captured_total')?.samples.size, 0);
  });
});
