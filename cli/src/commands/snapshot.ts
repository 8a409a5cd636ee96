import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Api } from '../api.js';
import { sessionArgument, toCount } from '../arguments.js';
import type { Context } from '../context.js';
import { RefusedError, UsageError } from '../errors.js';
import type { FrameResult } from '../messages.js';
import { newestPicture, type Picture } from '../picture.js';
import { type ServerOptions, serverOf } from '../server.js';

interface Options extends ServerOptions {
  readonly boxes?: boolean;
  readonly output?: string;
  readonly timeout: number;
}

/** `framebus snapshot ID > a.jpg` */
export function addSnapshot(program: Command, context: Context): void {
  program
    .command('snapshot')
    .summary('write the newest analysed frame, a JPEG')
    .description(
      'Write the newest frame that was analysed, a JPEG: framebus snapshot front-door > a.jpg\n' +
        'With --json: its detections too, and the JPEG in base64.',
    )
    .addArgument(sessionArgument())
    .option('--boxes', 'with boxes and labels drawn in')
    .option('-o, --output <file>', 'write to this file (default: the standard output)')
    .option('--timeout <seconds>', 'longest wait for a frame', toCount, 10)
    .action(async (id: string, _options, command: Command) => {
      const { output, signal } = context;
      const options = command.optsWithGlobals<Options>();
      const { json, boxes = false, output: file } = options;
      if (!json && file === undefined && output.isTerminal) {
        throw new UsageError('a JPEG is not for a terminal: write > a.jpg, or --output a.jpg');
      }
      const server = serverOf(options, context.env);
      const session = await new Api(server, signal).session(id);
      if (session.status === 'stopped') {
        throw new RefusedError(`session ${id} is stopped: framebus start starts it again`);
      }
      const timeoutMs = options.timeout * 1_000;
      const picture = await newestPicture({ server, sessionId: id, boxes, timeoutMs }, signal);
      const bytes = json ? Buffer.from(`${JSON.stringify(valueOf(picture))}\n`) : picture.jpeg;
      if (file === undefined) output.bytes(bytes);
      else await write(file, bytes);
    });
}

function valueOf({ result, jpeg }: Picture) {
  const { session_id, frame_index, captured_at, width, height, detections }: FrameResult = result;
  const frame = { session_id, frame_index, captured_at, width, height, detections };
  return { ...frame, jpeg: Buffer.from(jpeg).toString('base64') };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw new UsageError(`--output: ${(error as Error).message}`);
  }
}
