import type { Command } from 'commander';
import { sessionArgument, toCount } from '../arguments.js';
import type { Context } from '../context.js';
import { type Follower, follow } from '../follow.js';
import { ageWords, detectionWords } from '../frame-words.js';
import type { StreamMessage } from '../messages.js';
import { Screen } from '../screen.js';
import { type ServerOptions, serverOf } from '../server.js';
import { alertLine, Watched } from '../watched.js';

interface Options extends ServerOptions {
  readonly count?: number;
}

const drawEveryMs = 100;

/** `framebus watch ID` */
export function addWatch(program: Command, context: Context): void {
  program
    .command('watch')
    .summary('show live what is detected')
    .description(
      'Show live what is detected: on a terminal a table that is drawn anew, else a line a frame.\n' +
        'Waits for a session that is not there yet, and connects again by itself. Ctrl-C ends it.',
    )
    .addArgument(sessionArgument())
    .option('-n, --count <frames>', 'end after so many frames', toCount)
    .action(async (sessionId: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const server = serverOf(options, context.env);
      const done = new AbortController();
      const ends = AbortSignal.any([context.signal, done.signal]);
      using view = viewOf(sessionId, options.json ?? false, context);
      let frames = 0;
      const onMessage = (message: StreamMessage) => {
        if (ends.aborted) return;
        view.onMessage(message);
        if (message.type === 'frame_result' && ++frames === options.count) done.abort();
      };
      const request = { server, sessionId, format: 'json', pictures: false } as const;
      await follow(request, { onMessage, onLost: view.onLost }, ends);
    });
}

type View = Follower & Disposable;

function viewOf(sessionId: string, json: boolean, context: Context): View {
  if (!json && context.output.isTerminal) return tableView(sessionId, context);
  const { output, say } = context;
  return {
    onMessage: (message) => {
      if (json) return output.json(withoutPicture(message));
      const line = lineOf(message);
      if (line !== undefined) output.line(line);
    },
    onLost: (reason, retryMs) => say(lostWords(reason, retryMs)),
    [Symbol.dispose]() {},
  };
}

/** The terminal is left alone until there is something to show. */
function tableView(sessionId: string, { output }: Context): View {
  const watched = new Watched(sessionId);
  let screen: Screen | undefined;
  const draw = () => screen?.draw(watched.lines(Date.now()));
  const timer = setInterval(draw, drawEveryMs);
  return {
    onMessage: (message) => {
      screen ??= new Screen(output.stream);
      watched.add(message, Date.now());
    },
    onLost: (reason, retryMs) => watched.lost(lostWords(reason, retryMs)),
    [Symbol.dispose]() {
      clearInterval(timer);
      draw();
      screen?.[Symbol.dispose]();
    },
  };
}

export function lostWords(reason: string, retryMs: number): string {
  return `connection lost (${reason}): connecting again in ${(retryMs / 1_000).toFixed(1)} s`;
}

function lineOf(message: StreamMessage): string | undefined {
  switch (message.type) {
    case 'frame_result': {
      const age = ageWords(Date.now() - message.captured_at);
      return `frame ${message.frame_index}  ${age} old  ${detectionWords(message.detections)}`;
    }
    case 'alert':
      return alertLine(message);
    case 'status':
      return `status ${message.status}  ${message.message}`;
    case 'error':
      return `error  ${message.message}`;
    case 'stream_info':
      return `camera ${message.info.width}x${message.info.height}  ${message.info.fps} fps`;
  }
}

function withoutPicture(message: StreamMessage): object {
  if (message.type !== 'frame_result') return message;
  const { annotated_frame, ...rest } = message;
  return rest;
}
