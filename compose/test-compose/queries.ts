import { until } from '@framebus/test';
import type { Test } from 'tap';
import { dashboardQueries, metricsIn } from './dashboards.js';
import type { Prometheus } from './prometheus.js';

/** Of programs that do not run here. */
export const absent = /^(kong|vllm)[_:]/;
/** Queries that give nothing while all is well. */
const failures = /ALERTS|error|drop|lost|fail|refus|redeliver|expired|reconnect/i;

/** Tries each query of the dashboard on a Prometheus that watches what runs. @param but names of metrics of others */
export async function testQueries(t: Test, prometheus: Prometheus, but = absent): Promise<void> {
  await t.test('each query of the dashboard gives data', async (t) => {
    for (const query of await dashboardQueries()) {
      const names = metricsIn(query);
      t.ok(names.length > 0, query);
      if (names.every((name) => but.test(name))) {
        t.comment(`NOT RUN: ${query}`);
        continue;
      }
      if (failures.test(query)) {
        const samples = await prometheus.query(query);
        t.comment(`${samples.length} series: ${query}`);
        continue;
      }
      // A rate needs two looks, ten seconds apart.
      const found = await until(
        query,
        async () => (await prometheus.query(query)).length || false,
        { timeoutMs: 120_000, everyMs: 2_000 },
      ).catch(() => 0);
      t.ok(found > 0, `${found} series: ${query}`);
    }
  });
}

/** Tries each alert rule there. */
export async function testRules(t: Test, prometheus: Prometheus): Promise<void> {
  await t.test('each alert rule is evaluated, on metrics that are there', async (t) => {
    const rules = await until(
      'every rule is evaluated',
      async () => {
        const all = await prometheus.rules();
        return all.every(({ health }) => health !== 'unknown') && all;
      },
      { timeoutMs: 90_000, everyMs: 2_000 },
    );
    t.ok(rules.length > 0, `${rules.length} rules`);
    const known = await prometheus.names();
    for (const { name, query, health, lastError } of rules) {
      t.equal(health, 'ok', `${name}: ${lastError ?? query}`);
      const names = metricsIn(query);
      const unknown = names.filter((metric) => !known.has(metric) && !absent.test(metric));
      t.same(unknown, [], `${name} reads ${names.join(', ')}`);
    }
  });
}
