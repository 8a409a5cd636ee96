import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { parse } from 'yaml';
import { dashboardQueries, metricsIn } from '../test-compose/dashboards.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const read = (path: string) => readFile(repositoryFile(path), 'utf8');
const { groups } = parse(await read('compose/observability/rules.yml')) as {
  groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const queries = await dashboardQueries();
/** Of docs/telemetry.md, of Prometheus itself, and of MediaMTX. */
const table = await read('docs/telemetry.md');
const listed = new Set([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
const others = ['up', 'ALERTS', 'paths', 'paths_inbound_bytes'];

const unknownIn = (query: string) =>
  metricsIn(query).filter(
    (name) => !listed.has(name.replace(/_(bucket|count|sum)$/, '')) && !others.includes(name),
  );

t.test('dashboard and alert rules read metrics that docs/telemetry.md lists', async (t) => {
  t.ok(
    queries.length > 30 && rules.length > 10,
    `${queries.length} queries, ${rules.length} rules`,
  );
  for (const query of [...queries, ...rules.map(({ expr }) => expr)]) {
    t.ok(metricsIn(query).length > 0, query);
    t.same(unknownIn(query), [], query);
  }
});

t.test('an alert says what is wrong, how bad it is, and what to do', async (t) => {
  const tested = await read('compose/test-compose/rules.test.yml');
  for (const { alert, labels, annotations } of rules) {
    t.match(labels.severity, /^(critical|warning)$/, alert);
    t.ok(annotations.summary.length > 20 && annotations.description.length > 40, alert);
    const name = alert.replace(/^FramebusNo(Ingest|Fanout)$/, 'FramebusNoDetector');
    t.ok(tested.includes(name), `${alert} is tried`);
  }
});
