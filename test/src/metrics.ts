/** One number of a scrape. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All that a service tells under one name; of a histogram its `_count`, `_sum` and `_bucket`. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** By the end of their names: '' but for histograms. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Reads Prometheus' text format. @throws Error on a line that is none */
export function readMetrics(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let help = '';
  let family: (Family & { samples: Map<string, Sample[]> }) | undefined;
  for (const line of text.split('\n')) {
    const [, kind, about, rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') help = rest;
    else if (kind === 'TYPE') {
      family = { name: about ?? '', type: rest, help, samples: new Map() };
      families.set(family.name, family);
    } else if (line !== '') {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === undefined || !family || !name.startsWith(family.name)) throw new Error(line);
      const end = name.slice(family.name.length);
      const sample = { labels: readLabels(labels), value: Number(value) };
      family.samples.set(end, [...(family.samples.get(end) ?? []), sample]);
    }
  }
  return families;
}

function readLabels(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
}

/** `GET /metrics` of a service. @param url such as `http://127.0.0.1:8084` */
export async function scrape(url: string): Promise<Map<string, Family>> {
  const answer = await fetch(`${url}/metrics`);
  if (!answer.ok) throw new Error(`${url}/metrics: ${answer.status}`);
  return readMetrics(await answer.text());
}

/** The sum of what a service tells under a name, by some labels. 0 when there is none. */
export function total(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const end = families.get(name)?.type === 'histogram' ? '_count' : '';
  const samples = families.get(name)?.samples.get(end) ?? [];
  return samples
    .filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** What a histogram without labels observed between two scrapes. */
export function observed(
  before: ReadonlyMap<string, Family>,
  after: ReadonlyMap<string, Family>,
  name: string,
): { readonly count: number; readonly sum: number } {
  const grown = (end: string) => {
    const [was, is] = [before, after].map(
      (families) => families.get(name)?.samples.get(end)?.[0]?.value ?? 0,
    );
    return (is as number) - (was as number);
  };
  return { count: grown('_count'), sum: grown('_sum') };
}
