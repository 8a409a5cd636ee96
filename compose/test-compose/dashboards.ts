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
