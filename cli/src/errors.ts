/** Exit codes of `framebus`; docs/cli.md tells them. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  /** As a shell tells an end by Ctrl-C. */
  interrupted: 130,
} as const;

/** The server, or what was asked of it, says no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code = 'REFUSED';
  readonly exitCode = exitCodes.refused;
  /** HTTP status; 0 when it was not a status that said it. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The command was called in a way that it is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
  readonly exitCode = exitCodes.usage;
}

/** Nobody answers at the server's address. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code = 'UNREACHABLE';
  readonly exitCode = exitCodes.unreachable;
}

/** A connection that was there is gone. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code = 'CONNECTION_LOST';
  readonly exitCode = exitCodes.unreachable;
}
