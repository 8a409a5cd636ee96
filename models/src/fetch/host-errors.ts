/** The host answered, and not with the file. */
export class HostAnswerError extends Error {
  override readonly name = 'HostAnswerError';
  readonly code = 'HOST_ANSWER';
  readonly status: number;
  readonly retry: boolean;
  /** What the host asked to wait. */
  readonly retryAfterMs: number;

  constructor(url: URL, status: number, retryAfter?: string) {
    super(`${url.origin} answered ${status}${meanings[status] ?? ''}: ${url.href}`);
    this.status = status;
    this.retry = status === 408 || status === 429 || status >= 500;
    this.retryAfterMs = Math.min(60, Number(retryAfter) || 0) * 1_000;
  }
}

const meanings: Readonly<Record<number, string>> = {
  401: ', which hubs say of files that are private or gone',
  403: ', access is refused',
  404: ', there is no such file or revision',
  429: ', too many requests',
};

/** No answer, or one that broke off. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly code = 'TRANSFER_BROKEN';
  readonly retry = true;
}

/** The host led somewhere that is not followed. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
  readonly code = 'REDIRECT_REFUSED';
  readonly retry = false;
}

/** The environment names a proxy that is none. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code = 'PROXY_INVALID';

  constructor(cause: unknown) {
    super('HTTPS_PROXY or HTTP_PROXY is no address such as http://proxy.example:3128', { cause });
  }
}

/** Words for what the network did. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  const { code, message } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
