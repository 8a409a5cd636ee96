import { UnreachableError } from './errors.js';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  EHOSTUNREACH: 'the host is away',
  ENETUNREACH: 'the network is away',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is not trusted here: NODE_EXTRA_CA_CERTS=FILE adds one',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is not trusted here: NODE_EXTRA_CA_CERTS=FILE adds one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not trusted here: NODE_EXTRA_CA_CERTS=FILE adds one',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: an http:// address is expected',
};

/** What a failed `fetch` or WebSocket says in words. */
export function unreachable(url: string, error: unknown): UnreachableError {
  return new UnreachableError(
    `cannot reach ${url}: ${reasonOf(error)}. npm start runs one here; --url or FRAMEBUS_URL says where another is`,
    { cause: error },
  );
}

/** Why a connection failed. */
export function reasonOf(error: unknown): string {
  const { cause, code, name, message } = error as NodeJS.ErrnoException;
  // `fetch` puts what happened into the cause.
  if (cause !== undefined && code === undefined) return reasonOf(cause);
  return reasons[code ?? name] ?? message ?? String(error);
}
