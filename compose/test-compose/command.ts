import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** A program ended with another exit code than 0; `output` is what it printed last. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code = 'COMMAND_FAILED';
  readonly output: string;

  constructor(command: string, how: string, output: string) {
    super(`${command}: ${how}\n${output}`);
    this.output = output;
  }
}

/** Runs a program to its end and returns its standard output. @throws CommandError */
export async function command(
  program: string,
  args: readonly string[],
  { env = {}, cwd, timeoutMs = 60_000 }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let both = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    both = (both + chunk).slice(-8_000);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    both = (both + chunk).slice(-8_000);
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return stdout;
  throw new CommandError([program, ...args].join(' '), `exit ${code ?? signal}`, both);
}
