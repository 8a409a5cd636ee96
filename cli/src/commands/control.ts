import type { Command } from 'commander';
import { Api, type Change } from '../api.js';
import { sessionArgument, toNames, toNumber } from '../arguments.js';
import type { Context } from '../context.js';
import { type ServerOptions, serverOf } from '../server.js';

interface StartOptions extends ServerOptions {
  readonly id?: string;
  readonly fps?: number;
  readonly maxWidth?: number;
  readonly quality?: number;
  readonly confidence?: number;
  readonly classes?: readonly string[];
  readonly drawing: boolean;
}

/** `framebus start URL` */
export function addStart(program: Command, context: Context): void {
  program
    .command('start')
    .summary('start the analysis of a camera')
    .description(
      'Start the analysis of a camera, and print its session. The same call again does nothing.\n' +
        'A camera that can not be reached is tried for ever; `sessions` and `watch` tell how it is.',
    )
    .argument(
      '<url>',
      'the camera: rtsp:// or rtsps://, with user and password where it asks for them',
    )
    .option('--id <id>', 'name of the session: 1 to 64 of A-Z a-z 0-9 _ - (default: made up)')
    .option('--fps <number>', 'frames per second to analyse, 0.1 to 60 (default: 10)', toNumber)
    .option(
      '--max-width <pixels>',
      'a wider camera is scaled down, 16 to 3840 (default: 800)',
      toNumber,
    )
    .option('--quality <number>', 'JPEG quality of the frames, 1 to 100 (default: 70)', toNumber)
    .option(
      '--confidence <number>',
      'least confidence of a detection, 0 to 1 (default: 0.5)',
      toNumber,
    )
    .option('--classes <names>', 'class names to keep, separated by commas (default: all)', toNames)
    .option('--no-drawing', 'no pictures with boxes drawn in for viewers that take JSON')
    .action(async (url: string, _options, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const { id, fps, maxWidth, quality, confidence, classes, drawing } = options;
      const change = await new Api(serverOf(options, context.env), context.signal).start({
        stream_url: url,
        session_id: id,
        fps,
        max_width: maxWidth,
        jpeg_quality: quality,
        confidence_threshold: confidence,
        classes,
        enable_drawing: drawing,
      });
      print(change, options, context);
    });
}

/** `framebus stop ID` */
export function addStop(program: Command, context: Context): void {
  program
    .command('stop')
    .summary('stop the analysis of a camera')
    .description('Stop the analysis of a camera. The session stays listed for 24 hours.')
    .addArgument(sessionArgument())
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>();
      print(
        await new Api(serverOf(options, context.env), context.signal).stop(id),
        options,
        context,
      );
    });
}

/** `framebus remove ID` */
export function addRemove(program: Command, context: Context): void {
  program
    .command('remove')
    .summary('stop a session and forget it')
    .description('Stop a session and forget it. What was detected stays in the history.')
    .addArgument(sessionArgument())
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>();
      print(
        await new Api(serverOf(options, context.env), context.signal).remove(id),
        options,
        context,
      );
    });
}

/** `framebus rename ID NAME` */
export function addRename(program: Command, context: Context): void {
  program
    .command('rename')
    .summary('give a session a name for people')
    .description('Give a session a name for people. It keeps its id, and the camera plays on.')
    .addArgument(sessionArgument())
    .argument('[name]', 'at most 80 characters; without one the session is called by its id again')
    .action(async (id: string, name: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>();
      const api = new Api(serverOf(options, context.env), context.signal);
      const session = await api.rename(id, name ?? null);
      if (options.json) context.output.json(session);
      else context.output.line(`${session.session_id}  ${session.name ?? 'has no name'}`);
    });
}

function print(change: Change, { json }: ServerOptions, { output }: Context): void {
  if (json) output.json(change);
  else output.line(`${change.session_id}  ${change.status}  ${change.message}`);
}
