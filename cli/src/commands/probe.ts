import type { Command } from 'commander';
import { Api } from '../api.js';
import type { Context } from '../context.js';
import { exitCodes, RefusedError } from '../errors.js';
import { type ServerOptions, serverOf } from '../server.js';

/** `framebus probe URL` */
export function addProbe(program: Command, context: Context): void {
  program
    .command('probe')
    .summary('try a camera without starting a session')
    .description(
      'Try a camera without starting a session: what it gives, or why it gives nothing.\n' +
        'With --json: its first picture too, a JPEG in base64.',
    )
    .argument('<url>', 'the camera, as for start')
    .action(async (url: string, _options, command: Command) => {
      const { output, signal } = context;
      const options = command.optsWithGlobals<ServerOptions>();
      const answer = await new Api(serverOf(options, context.env), signal).probe(url);
      if (options.json) {
        output.json(answer);
        if (!answer.ok) context.exitCode = exitCodes.refused;
        return;
      }
      if (!answer.ok) throw new RefusedError(answer.reason);
      const { codec, width, height, took_ms } = answer;
      output.line(`${codec ?? 'video'}  ${width}x${height}  first picture after ${took_ms} ms`);
    });
}
