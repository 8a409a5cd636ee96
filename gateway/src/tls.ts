import { readFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';
import type { GatewayConfig } from './gateway.js';
import type { ListenOptions } from './listener.js';

/** The HTTPS port with its certificate. @throws ConfigError */
export async function tlsOptions({
  host,
  tlsPort,
  tlsCert,
  tlsKey,
}: GatewayConfig): Promise<ListenOptions> {
  const mistakes = [
    ...(tlsCert === '' ? ['TLS_CERT is not set: PROXY_TLS_PORT needs it'] : []),
    ...(tlsKey === '' ? ['TLS_KEY is not set: PROXY_TLS_PORT needs it'] : []),
  ];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const read = (variable: string, path: string) =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new ConfigError([`${variable}: ${error.message}`]);
    });
  const [cert, key] = await Promise.all([read('TLS_CERT', tlsCert), read('TLS_KEY', tlsKey)]);
  return { host, port: tlsPort, tls: { cert, key } };
}
