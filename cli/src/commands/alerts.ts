import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Api } from '../api.js';
import { sessionArgument, toCount } from '../arguments.js';
import type { Context } from '../context.js';
import { follow } from '../follow.js';
import type { StreamMessage } from '../messages.js';
import { type Server, type ServerOptions, serverOf } from '../server.js';
import { alertLine } from '../watched.js';
import { lostWords } from './watch.js';

interface Options extends ServerOptions {
  readonly count?: number;
}

/** How often new sessions are looked for. */
const lookEveryMs = 5_000;

/** `framebus alerts [ID]` */
export function addAlerts(program: Command, context: Context): void {
  program
    .command('alerts')
    .summary('print alerts as they come')
    .description(
      'Print alerts as they come, of one session or of all, those included that are started meanwhile.\n' +
        'Connects again by itself. Ctrl-C ends it.',
    )
    .addArgument(sessionArgument('[id]'))
    .option('-n, --count <alerts>', 'end after so many alerts', toCount)
    .action(async (id: string | undefined, _options, command: Command) => {
      const { output } = context;
      const options = command.optsWithGlobals<Options>();
      const done = new AbortController();
      const ends = AbortSignal.any([context.signal, done.signal]);
      let alerts = 0;
      const onMessage = (message: StreamMessage) => {
        if (message.type !== 'alert' || ends.aborted) return;
        if (options.json) output.json(message);
        else output.line(alertLine(message));
        if (++alerts === options.count) done.abort();
      };
      const server = serverOf(options, context.env);
      if (id === undefined) await followAll(server, onMessage, context.say, ends);
      else await followOne(server, id, onMessage, context.say, ends);
    });
}

type OnMessage = (message: StreamMessage) => void;
type Say = Context['say'];

function followOne(server: Server, id: string, onMessage: OnMessage, say: Say, ends: AbortSignal) {
  const onLost = (reason: string, retryMs: number) => say(`${id}: ${lostWords(reason, retryMs)}`);
  const request = { server, sessionId: id, format: 'json', pictures: false } as const;
  return follow(request, { onMessage, onLost }, ends);
}

/** A connection for each session. @throws what the first look at the sessions throws */
async function followAll(server: Server, onMessage: OnMessage, say: Say, ends: AbortSignal) {
  const api = new Api(server, ends);
  let sessions = await api.sessions();
  const followed = new Map<string, AbortController>();
  while (!ends.aborted) {
    const ids = new Set(sessions.map(({ session_id }) => session_id));
    for (const [id, end] of followed) if (!ids.has(id)) end.abort();
    for (const id of ids) {
      if (followed.has(id)) continue;
      const end = new AbortController();
      followed.set(id, end);
      followOne(server, id, onMessage, say, AbortSignal.any([ends, end.signal]))
        .catch((error: Error) => say(`${id}: ${error.message}`))
        .finally(() => followed.delete(id));
    }
    await sleep(lookEveryMs, undefined, { signal: ends }).catch(() => {});
    // A look that fails is made up for by the next.
    sessions = await api.sessions().catch(() => sessions);
  }
}
