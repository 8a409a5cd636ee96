import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFile } from '@framebus/test';

/** What Grafana puts in the place of its own variables; any other is a choice of the reader's, here of everything. */
const variables: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  __interval: '10s',
  __range: '5m',
};

/** The queries of all dashboards, as Grafana sends them to Prometheus. */
export async function dashboardQueries(): Promise<string[]> {
  const folder = repositoryFile('compose/observability/grafana/dashboards');
  const queries = new Set<string>();
  for (const file of await readdir(folder)) {
    JSON.parse(await readFile(join(folder, file), 'utf8'), (key, value) => {
      if (key === 'expr') queries.add(filled(value as string));
      return value;
    });
  }
  return [...queries];
}

function filled(query: string): string {
  return query.replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables[name] ?? '.*');
}

const words = new Set('and or unless bool offset on ignoring by without'.split(' '));

/** Names of the metrics that a query of PromQL reads, if no name is in a string. */
export function metricsIn(query: string): string[] {
  const bare = query
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const names = [...bare.matchAll(/\b[a-zA-Z_:][\w:]*\b(?!\s*\()/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !words.has(name)))];
}
