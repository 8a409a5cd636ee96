import { type Command, InvalidArgumentError } from 'commander';
import { toCount } from '../arguments.js';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import type { ServerOptions } from '../server.js';
import { messageLine, messageValue } from '../tapped.js';

interface Options extends ServerOptions {
  readonly server?: string;
  readonly raw?: boolean;
  readonly count?: number;
}

/** `framebus tap SUBJECT` */
export function addTap(program: Command, context: Context): void {
  program
    .command('tap')
    .summary('print the messages on NATS subjects')
    .description(
      'Print the messages on NATS subjects as they come: no gateway and no key, but NATS itself.\n' +
        "  framebus tap 'detections.>'\n" +
        '  framebus tap --raw frames.front-door | ffplay -f mjpeg -\n' +
        'NATS_USER, NATS_PASSWORD, NATS_CREDS and NATS_TLS_* are as for the services (README). Ctrl-C ends it.',
    )
    .argument('<subject>', 'such as detections.front-door; > stands for the rest', toSubject)
    .option('--server <url>', 'NATS server (default: nats://127.0.0.1:4222, env: NATS_URL)')
    .option('--raw', 'payloads alone, as they are, one after the other')
    .option('-n, --count <messages>', 'end after so many messages', toCount)
    .action(async (subject: string, _options, command: Command) => {
      const { output, say, env, signal } = context;
      const { server, raw, json, count } = command.optsWithGlobals<Options>();
      if (raw && json) throw new UsageError('--raw or --json, not both');
      if (raw && output.isTerminal && subject.startsWith('frames')) {
        throw new UsageError('a JPEG is not for a terminal: write > file, or | a program');
      }
      const done = new AbortController();
      // The client is loaded for this command alone.
      const { tap } = await import('../tap.js');
      let messages = 0;
      const natsEnv = server === undefined ? env : { ...env, NATS_URL: server };
      const ends = AbortSignal.any([signal, done.signal]);
      await tap({ subject, env: natsEnv, say, signal: ends }, (message) => {
        if (ends.aborted) return;
        if (raw) output.bytes(message.data);
        else if (json) output.json(messageValue(message));
        else output.line(messageLine(message));
        if (++messages === count) done.abort();
      });
    });
}

/** https://docs.nats.io/nats-concepts/subjects */
function toSubject(text: string): string {
  const tokens = text.split('.');
  const last = tokens.length - 1;
  if (tokens.every((token, i) => /^[^\s>]+$/.test(token) || (token === '>' && i === last))) {
    return text;
  }
  throw new InvalidArgumentError("Expected a NATS subject, such as 'detections.>'.");
}
