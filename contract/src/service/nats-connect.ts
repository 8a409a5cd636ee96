import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from 'nats';
import type { NatsConfig } from './nats-settings.js';

/**
 * One attempt to connect. Once connected the client goes on for ever, with any of the servers.
 * @param name of the process; replies come to `_INBOX_<user>`, or `_INBOX_<name>` without a user
 * @throws what the client throws: see `natsReason`
 */
export async function connectNats(config: NatsConfig, name: string): Promise<NatsConnection> {
  const { natsUrl, natsUser, natsPassword, natsCreds } = config;
  const tls = tlsOf(config);
  return connect({
    name,
    servers: [...natsUrl],
    ...(natsUser && { user: natsUser, pass: natsPassword ?? '' }),
    ...(natsCreds && { authenticator: credsAuthenticator(await readFile(natsCreds)) }),
    ...(tls && { tls }),
    inboxPrefix: `_INBOX_${natsUser || name}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    // A password may be wrong for a while, as when it is changed on the servers first.
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    timeout: 5_000,
    // Each request would note the stack of its caller, twice: a good part of what one takes here.
    noAsyncTraces: true,
  });
}

/** The client reads these files at each connect, so renewed ones are taken. Undefined: TLS only if the servers want it. */
function tlsOf(config: NatsConfig): ConnectionOptions['tls'] | undefined {
  const { natsUrl, natsTlsCa, natsTlsCert, natsTlsKey } = config;
  if (!natsTlsCa && !natsTlsCert && !natsUrl.some((url) => url.startsWith('tls://'))) return;
  return {
    ...(natsTlsCa && { caFile: natsTlsCa }),
    ...(natsTlsCert && { certFile: natsTlsCert }),
    ...(natsTlsKey && { keyFile: natsTlsKey }),
  };
}
