import type { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import type { Context } from './context.js';
import { exitCodes } from './errors.js';
import { Output, type OutputStream } from './output.js';
import { createProgram } from './program.js';
import { clean } from './text.js';

/** What a process has; Node's `process` is one. */
export interface Host {
  readonly stdout: OutputStream;
  readonly stderr: Writable;
  readonly env: Context['env'];
  once(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * `framebus` with these arguments. Ctrl-C and a reader that goes away (`| head`) end it without a word.
 * @returns its exit code
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A second one ends the process as if there were no listener.
    host.once(signal, () => stop.abort());
  }
  const readerGone = new AbortController();
  const signal = AbortSignal.any([stop.signal, readerGone.signal]);
  const context: Context = {
    output: new Output(host.stdout, () => readerGone.abort()),
    say: (words: string) =>
      host.stderr.write(`framebus: ${words.split('\n').map(clean).join('\n')}\n`),
    env: host.env,
    signal,
    exitCode: exitCodes.ok,
  };
  host.stderr.on('error', () => {});
  try {
    await createProgram(context, (text) => host.stderr.write(text)).parseAsync(args, {
      from: 'user',
    });
    return context.exitCode;
  } catch (error) {
    if (readerGone.signal.aborted) return exitCodes.ok;
    if (stop.signal.aborted) return exitCodes.interrupted;
    // It has said itself what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    const { message, exitCode } = error as Error & { readonly exitCode?: number };
    if (exitCode === undefined) throw error;
    context.say(message);
    return exitCode;
  }
}
