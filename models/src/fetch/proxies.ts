/** Addresses of proxies; empty: none. */
export interface Proxies {
  /** For http. */
  readonly httpProxy: string;
  /** For https; empty: that for http. */
  readonly httpsProxy: string;
  /** Hosts that are asked without one, separated by commas; `*`: all. */
  readonly noProxy: string;
}

/** The proxies that an environment names, in small or capital letters. An empty variable counts as not set. */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string) => env[name.toLowerCase()]?.trim() || env[name]?.trim() || '';
  return {
    httpProxy: read('HTTP_PROXY'),
    httpsProxy: read('HTTPS_PROXY'),
    noProxy: read('NO_PROXY'),
  };
}
