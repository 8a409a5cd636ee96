import { ErrorCode } from 'nats';
import { jetStreamErrorCode, streamNotFound } from './declare.js';
import type { NatsConfig } from './nats-settings.js';

/** Err codes of JetStream. */
const replicasWithoutCluster = 10074;
const noSuitablePeers = 10005;

/** Why NATS cannot be used, in words that name the setting to look at. Never shows a password. */
export function natsReason(error: unknown, config: NatsConfig): string {
  const { code, message, permissionContext } = error as {
    readonly code?: string;
    readonly message?: string;
    readonly permissionContext?: { readonly operation: string; readonly subject: string };
  };
  const user = config.natsUser ? `user ${config.natsUser}` : 'a client without NATS_USER';
  switch (jetStreamErrorCode(error)) {
    case streamNotFound:
      return 'a stream or bucket is not there yet: ingest declares them';
    case replicasWithoutCluster:
    case noSuitablePeers:
      return `NATS_REPLICAS=${config.natsReplicas ?? 1} needs as many servers in the cluster: ${message}`;
  }
  switch (code) {
    case ErrorCode.AuthorizationViolation:
    case ErrorCode.BadAuthentication:
      return `NATS refuses ${user}: NATS_USER, NATS_PASSWORD, NATS_CREDS or NATS_TLS_CERT is not right`;
    case ErrorCode.PermissionsViolation:
      return `${user} has no permission for ${permissionContext?.operation} ${permissionContext?.subject ?? message}`;
    case ErrorCode.ServerOptionNotAvailable:
      return 'TLS is asked for by NATS_URL, NATS_TLS_CA or NATS_TLS_CERT, but the server has none';
    case ErrorCode.Timeout:
      return config.natsTlsCa && !config.natsTlsCert
        ? 'NATS gives no answer; where the server asks for a certificate, NATS_TLS_CERT and NATS_TLS_KEY are needed'
        : 'NATS gives no answer';
    case ErrorCode.NoResponders:
      return 'JetStream does not answer: it is off, or has no leader at present';
  }
  if (untrusted.has(code ?? '')) {
    const by = config.natsTlsCa
      ? `of NATS_TLS_CA (${config.natsTlsCa})`
      : 'known here: set NATS_TLS_CA';
    return `the certificate of the NATS server is not signed by an authority ${by}: ${message}`;
  }
  return code ? `${code}: ${message}` : String(error);
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);
