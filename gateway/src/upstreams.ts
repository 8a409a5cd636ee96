/** Where services of the declarative file are instead, by their names; no address: nowhere. */
export type Upstreams = ReadonlyMap<string, readonly URL[]>;

/** `ingest=http://127.0.0.1:8081|http://127.0.0.1:8091,vllm=,…`. @throws RangeError */
export function parseUpstreams(text: string): Upstreams {
  const upstreams = new Map<string, readonly URL[]>();
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [, name, addresses] = /^([\w.~-]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined || addresses === undefined || upstreams.has(name)) {
      throw new RangeError(pair);
    }
    const urls = addresses.split('|').map((address) => address.trim());
    upstreams.set(name, urls.filter((url) => url !== '').map(addressOf));
  }
  return upstreams;
}

function addressOf(text: string): URL {
  const url = new URL(text);
  const more = url.username + url.password + url.search + url.hash;
  if (url.protocol !== 'http:' || more !== '') throw new RangeError(text);
  return url;
}
