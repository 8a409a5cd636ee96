import { NatsServer, withUsers } from '@framebus/test';
import type { Authority } from './certificates.js';

/** A nats-server with users that asks for TLS, with a certificate that `authority` signed. */
export async function tlsServer(authority: Authority, config = withUsers('nats-tls.conf').config) {
  const { cert, key } = await authority.sign('server');
  const env = { ...withUsers().env, NATS_SERVER_CERT: cert, NATS_SERVER_KEY: key };
  return NatsServer.start({ config, env: { ...env, NATS_SERVER_CA: authority.ca } });
}
