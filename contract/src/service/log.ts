import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';
import type pretty from 'pino-pretty';
import { LogLimit } from './log-limit.js';

export type { Logger };

/** `auto` is `pretty` on a terminal, else `json`. */
export type LogFormat = 'auto' | 'json' | 'pretty';

/**
 * JSON lines on standard output, or words for people on a terminal. Warnings and errors of one cause come once a second
 * at most; the next one tells in `left_out` how many did not. A cause is the message, with the session and a `code` or
 * a `reason` that is a code.
 */
export function createLogger(
  service: string,
  level: string,
  format: LogFormat = 'auto',
  to?: DestinationStream,
): Logger {
  const limit = new LogLimit();
  const options = {
    ...{ name: service, level, base: { service, pid: process.pid } },
    hooks: {
      logMethod(
        this: Logger,
        args: Parameters<Logger['warn']>,
        method: Logger['warn'],
        at: number,
      ) {
        const line = at < 40 || at >= 60 ? args : limited(limit, args);
        if (line !== undefined) method.apply(this, line);
      },
    },
  };
  const isPretty = format === 'pretty' || (format === 'auto' && !to && process.stdout.isTTY);
  const stream = isPretty ? forPeople(to) : to;
  return stream === undefined ? pino(options) : pino(options, stream);
}

type Line = Parameters<Logger['warn']>;

function limited(limit: LogLimit, args: Line): Line | undefined {
  const [first, second] = args as [unknown, string?];
  const fields = typeof first === 'object' && first !== null ? first : {};
  const message = typeof first === 'string' ? first : (second ?? '');
  const { session_id, session, code, reason } = fields as Readonly<Record<string, unknown>>;
  const cause = [session_id ?? session, code, isCode(reason) && reason].filter(Boolean).join(' ');
  const left_out = limit.pass(message, cause);
  if (left_out === undefined) return undefined;
  return left_out === 0 ? args : ([{ ...fields, left_out }, message] as unknown as Line);
}

const isCode = (reason: unknown) => typeof reason === 'string' && /^\w{1,40}$/.test(reason);

/** Loaded only where it is wanted. */
function forPeople(to: DestinationStream | undefined): DestinationStream {
  const load = createRequire(import.meta.url);
  const prettify = load('pino-pretty') as typeof pretty;
  return prettify({
    ignore: 'name,service,pid',
    messageFormat: '{service}: {msg}',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    colorize: to === undefined && process.stdout.isTTY === true,
    sync: true,
    ...(to !== undefined && { destination: to as NodeJS.WritableStream }),
  });
}
