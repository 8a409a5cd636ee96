import type { Context } from './context.js';
import { UsageError } from './errors.js';

/** The gateway, and what opens it. */
export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  /** The video API's key; empty when there is none. */
  readonly key: string;
}

/** Options that every command has. */
export interface ServerOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** What a gateway on this machine takes as long as nobody has changed it. */
const documentedKey = 'video-api-key-001';

export const defaultUrl = 'http://localhost:8000';

/** The server of the options, else of FRAMEBUS_URL and FRAMEBUS_API_KEY, else of this machine. @throws UsageError */
export function serverOf(options: ServerOptions, env: Context['env']): Server {
  const url = options.url || env.FRAMEBUS_URL?.trim() || defaultUrl;
  const key = options.key || env.FRAMEBUS_API_KEY || '';
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.search) {
    throw new UsageError(
      `--url or FRAMEBUS_URL ${JSON.stringify(url)} is not right: expected the gateway's address, such as http://localhost:8000`,
    );
  }
  const given = key.trim();
  if (!/^[\x21-\x7e]*$/.test(given)) {
    throw new UsageError(
      '--key or FRAMEBUS_API_KEY is not right: expected ASCII letters, digits and signs',
    );
  }
  return {
    url: `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, ''),
    key: given || (isLoopback(parsed.hostname) ? documentedKey : ''),
  };
}

/** The key. @throws UsageError when there is none */
export function keyOf({ key, url }: Server): string {
  if (key !== '') return key;
  throw new UsageError(
    `no API key for ${url}: give it with FRAMEBUS_API_KEY or --key (only this machine's gateway has a documented one)`,
  );
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}
