import { until } from '@framebus/test';
import type { Test } from 'tap';
import type { Audience } from './audience.js';
import type { Deployment } from './deployment.js';
import type { Engine } from './engine.js';
import { Prometheus } from './prometheus.js';
import { absent, testQueries, testRules } from './queries.js';

const services = ['ingest', 'detector', 'fanout'];

interface Trace {
  readonly spans: readonly unknown[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** Turns telemetry on in a deployment that runs, and tries what its stores got of it. */
export async function testObservability(
  t: Test,
  engine: Engine,
  deployment: Deployment,
  audience: Audience,
): Promise<void> {
  let prometheus = new Prometheus('');
  let jaeger = '';

  await t.test('the profile observability comes up beside what runs', async (t) => {
    if (engine.own) {
      t.comment(
        'Grafana: NOT RUN, its image is not to be had; its queries are tried on Prometheus',
      );
      deployment.files.push('test-compose/containers-no-grafana.yaml');
    }
    Object.assign(deployment.env, { COMPOSE_PROFILES: 'observability', TELEMETRY: 'on' });
    await deployment.compose(['up', '--detach', '--no-build', '--wait'], 300_000);
    prometheus = new Prometheus(`http://${await deployment.port('prometheus', 9090)}`);
    jaeger = `http://${await deployment.port('jaeger', 16686)}`;
    // fanout was made anew, and sends only where someone watches.
    const view = () => deployment.view('cam-1', 'json', '&frames=none');
    const viewer = await until('a viewer', view, { timeoutMs: 60_000, everyMs: 500 });
    audience.viewers.set('cam-1', viewer);
    const frames = () => viewer.frameIndexes.length > 0;
    t.ok(await until('frames of a session that went on', frames, { timeoutMs: 60_000 }));
  });
  // Nothing to look at.
  if (jaeger === '') return;

  await t.test("a frame's way through all services is one trace", async (t) => {
    const trace = await until(
      'a trace of all services',
      async () => {
        const url = `${jaeger}/api/traces?service=ingest&limit=200`;
        const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
        const { data } = (await answer.json()) as { data: readonly Trace[] };
        return data.find(({ processes }) => {
          const names = Object.values(processes).map(({ serviceName }) => serviceName);
          return services.every((service) => names.includes(service));
        });
      },
      { timeoutMs: 60_000, everyMs: 1_000 },
    );
    t.ok(trace.spans.length >= 4, `${trace.spans.length} spans`);
  });

  await t.test('Prometheus reaches everything that runs', async (t) => {
    const down = async () => (await prometheus.targets()).filter(({ health }) => health !== 'up');
    const others = async () =>
      (await down()).filter(({ scrapePool }) => !absent.test(`${scrapePool}_`));
    await until('every target', async () => (await others()).length === 0, {
      timeoutMs: 60_000,
      everyMs: 1_000,
    }).catch(() => {});
    t.same(await others(), []);
    for (const { scrapePool } of await down()) t.comment(`${scrapePool}: NOT RUN`);
  });

  await testQueries(t, prometheus);
  await testRules(t, prometheus);
}
