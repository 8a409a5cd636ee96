import {
  ConfigError,
  connectNats,
  natsReason,
  natsSettings,
  readSettings,
} from '@framebus/contract/service';
import { ErrorCode, type NatsConnection, type NatsError } from 'nats';
import { RefusedError, UnreachableError, UsageError } from './errors.js';
import type { TappedMessage } from './tapped.js';

export interface TapRequest {
  readonly subject: string;
  /** `NATS_*` as the services have them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (words: string) => void;
  readonly signal: AbortSignal;
}

type NatsConfig = Parameters<typeof connectNats>[0];

/**
 * The messages on a subject until `signal` is aborted. A connection that is lost is made again.
 * @throws UsageError, UnreachableError, RefusedError
 */
export async function tap(
  { subject, env, say, signal }: TapRequest,
  onMessage: (message: TappedMessage) => void,
): Promise<void> {
  const config = configOf(env);
  const connection = await connectNats(config, 'framebus').catch((error: NatsError) => {
    throw failure(error, config);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve());
      if (signal.aborted) resolve();
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error) reject(failure(error, config));
          else onMessage(message);
        },
      });
      void tellStates(connection, say);
    });
  } finally {
    await connection.close();
  }
}

function configOf(env: TapRequest['env']): NatsConfig {
  try {
    return readSettings(natsSettings, env);
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message) : error;
  }
}

async function tellStates(connection: NatsConnection, say: (words: string) => void) {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') say('connection to NATS lost: connecting again');
    else if (type === 'reconnect') say('connected again');
  }
}

const refusals: readonly string[] = [
  ...[ErrorCode.AuthorizationViolation, ErrorCode.BadAuthentication],
  ErrorCode.PermissionsViolation,
];

function failure(error: NatsError, config: NatsConfig): Error {
  const reason = natsReason(error, config);
  if (refusals.includes(error.code)) return new RefusedError(reason);
  const where = config.natsUrl.join(', ');
  const words = error.code === ErrorCode.ConnectionRefused ? 'nothing listens there' : reason;
  return new UnreachableError(
    `cannot reach NATS at ${where}: ${words}. --server or NATS_URL says where it is`,
  );
}
