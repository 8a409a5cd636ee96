import type { DetectionEvent } from '@framebus/contract';
import type { Command } from 'commander';
import { Api } from '../api.js';
import { sessionArgument, toCount } from '../arguments.js';
import type { Context } from '../context.js';
import { detectionWords, timeWords } from '../frame-words.js';
import { type ServerOptions, serverOf } from '../server.js';
import { toSince } from '../since.js';

interface Options extends ServerOptions {
  readonly since?: string;
  readonly limit: number;
}

/** `framebus detections ID` */
export function addDetections(program: Command, context: Context): void {
  program
    .command('detections')
    .summary('print what was detected in the last 24 hours')
    .description(
      'Print what was detected, a line a frame, oldest first, from the last 24 hours.\n' +
        'With --json: the answer of the API, whose `cursor` is the --since of the call that goes on.',
    )
    .addArgument(sessionArgument())
    .option(
      '--since <when>',
      'how long ago (10m; s, m, h, d), a time (2026-01-31T12:00:00Z), seconds since the epoch, or a cursor (default: the oldest)',
      (text) => toSince(text),
    )
    .option('--limit <frames>', 'most frames, 1 to 1000', toCount, 100)
    .action(async (id: string, _options, command: Command) => {
      const { output, say, signal } = context;
      const options = command.optsWithGlobals<Options>();
      const { since, limit, json } = options;
      const query = { limit: `${limit}`, ...(since !== undefined && { since }) };
      const history = await new Api(serverOf(options, context.env), signal).detections(id, query);
      if (json) return output.json(history);
      for (const event of history.detections) output.line(lineOf(event));
      const count = history.detections.length;
      if (count === 0) say('nothing there');
      else if (count >= limit) say(`there may be more: --since ${history.cursor} goes on`);
    });
}

function lineOf({ captured_at, frame_index, detections }: DetectionEvent): string {
  return `${timeWords(captured_at)}  frame ${frame_index}  ${detectionWords(detections)}`;
}
