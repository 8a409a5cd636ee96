import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { repositoryFile, until } from '@framebus/test';
import { run } from '../src/run.js';

const bin = repositoryFile('cli/bin/framebus.js');

/** Runs `framebus` to its end, within this process. */
export async function framebus(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([buffer(stdout), text(stderr)]);
  const host = Object.assign(new EventEmitter(), { stdout, stderr, env });
  const code = await run(args, host);
  stdout.end();
  stderr.end();
  const [bytes, words] = await printed;
  return { code, bytes, stdout: bytes.toString(), stderr: words };
}

export interface ProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** On a pseudo-terminal of util-linux' script. */
  readonly terminal?: boolean;
}

/** `framebus` as a process of its own, with what it has printed so far. */
export class FramebusProcess implements AsyncDisposable {
  readonly #child;
  stdout = '';
  stderr = '';
  /** Its exit code, once it has ended. */
  readonly closed: Promise<number | null>;

  constructor(args: readonly string[], { env, terminal = false }: ProcessOptions) {
    const words = [process.execPath, bin, ...args];
    const line = `stty rows 24 cols 80; exec ${words.map((word) => `'${word}'`).join(' ')}`;
    const [command = '', ...rest] = terminal ? ['script', '-qec', line, '/dev/null'] : words;
    this.#child = spawn(command, rest, { env: { ...process.env, ...env } });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.stdout += chunk;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.closed = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Waits until something is printed that was not before the call. */
  async prints(what: RegExp): Promise<void> {
    const [stdout, stderr] = [this.stdout.length, this.stderr.length];
    const news = () => [this.stdout.slice(stdout), this.stderr.slice(stderr)];
    const found = () => news().some((printed) => what.test(printed));
    await until(`${what} is printed`, found, { timeoutMs: 30_000 });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** On a terminal. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Stops reading what it prints, as `head` does. */
  closeReader(): void {
    this.#child.stdout.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.closed;
  }
}
