import type { Command } from 'commander';
import { Api, type Session } from '../api.js';
import type { Context } from '../context.js';
import { type ServerOptions, serverOf } from '../server.js';
import { table } from '../text.js';

/** `framebus sessions` */
export function addSessions(program: Command, context: Context): void {
  program
    .command('sessions')
    .summary('list the sessions')
    .description('List the sessions, oldest first; stopped ones are listed for 24 hours.')
    .action(async (_options, command: Command) => {
      const { output, say, signal } = context;
      const options = command.optsWithGlobals<ServerOptions>();
      const sessions = await new Api(serverOf(options, context.env), signal).sessions();
      if (options.json) output.json(sessions);
      else if (sessions.length === 0) say('no sessions: framebus start URL starts one');
      else for (const line of table([head, ...sessions.map(row)])) output.line(line);
    });
}

const head = ['ID', 'STATUS', 'FPS', 'FRAMES', 'DROPPED', 'NAME', 'CAMERA', 'LAST ERROR'];

function row(session: Session): string[] {
  const { session_id, name, status, fps, frame_count, dropped, stream_url } = session;
  return [
    ...[session_id, status, (fps ?? 0).toFixed(1), `${frame_count}`, `${dropped ?? 0}`],
    ...[name ?? '', stream_url, lastError(session)],
  ];
}

/** With how long ago it was: the camera may be live again since. */
function lastError({ last_error, last_error_at: atS }: Session): string {
  if (!last_error || typeof atS !== 'number') return last_error ?? '';
  const minutes = Math.max(Math.floor((Date.now() / 1000 - atS) / 60), 0);
  const ago = minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  return `${last_error} (${ago} ago)`;
}
