import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process that a test started. Disposal ends it and waits for its exit. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  /** Everything that it printed, newest 256 KiB. */
  output = '';

  private constructor(process: ChildProcess) {
    this.process = process;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.output = (this.output + chunk).slice(-262_144);
      });
    }
  }

  static async start(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Child> {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    return new Child(child);
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends the signal and waits for the exit. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    const backstop = setTimeout(() => this.process.kill('SIGKILL'), 12_000);
    await exited;
    clearTimeout(backstop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
