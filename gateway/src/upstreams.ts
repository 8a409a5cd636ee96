/** Where services of the declarative file are instead, by their names. */
export type Upstreams = ReadonlyMap<string, string>;

/** `ingest=http://127.0.0.1:8081,…`. @throws RangeError */
export function parseUpstreams(text: string): Upstreams {
  const upstreams = new Map<string, string>();
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [, name, url] = /^([\w.~-]+)=(http:\/\/.+)$/.exec(pair) ?? [];
    if (name === undefined || url === undefined || !URL.canParse(url) || upstreams.has(name)) {
      throw new RangeError(pair);
    }
    upstreams.set(name, url);
  }
  return upstreams;
}
