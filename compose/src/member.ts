import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './log-file.js';

/** One process of the local stack. */
export interface MemberSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How far it gives way to the others where cores are short, 1 to 19; see setpriority(2). */
  readonly nice?: number;
}

const firstRetryMs = 100;
const longestRetryMs = 10_000;
/** A process that ran so long starts its back-off anew. */
const steadyMs = 30_000;
/** Longer than the services' own 10 s backstop. */
const killAfterMs = 11_000;

/** Keeps one process running: started again when it dies, with back-off, and said so. Its output goes to a log file. */
export class Member {
  readonly spec: MemberSpec;
  readonly #say: (words: string) => void;
  readonly #log: LogFile;
  #child: ChildProcess | undefined;
  #retryMs = firstRetryMs;
  #retry: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(spec: MemberSpec, logFolder: string, say: (words: string) => void) {
    this.spec = spec;
    this.#say = say;
    this.#log = new LogFile(join(logFolder, `${spec.name}.log`));
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const startedAt = performance.now();
    const child = spawn(this.spec.command, this.spec.args, {
      env: { ...process.env, ...this.spec.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that Ctrl-C reaches only the one who stops them in order.
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined && this.spec.nice !== undefined) giveWay(child.pid, this.spec.nice);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => this.#log.write(chunk));
    }
    child.once('error', (error) => this.#say(`${this.spec.name} can not run: ${error.message}`));
    child.once('close', (code, signal) => {
      this.#child = undefined;
      if (this.#stopping) return;
      if (performance.now() - startedAt > steadyMs) this.#retryMs = firstRetryMs;
      const how = signal ?? `exit code ${code}`;
      const { name } = this.spec;
      this.#say(`${name} ended (${how}), starting it again; its log: ${this.#log.path}`);
      this.#retry = setTimeout(() => this.start(), this.#retryMs);
      this.#retryMs = Math.min(longestRetryMs, 2 * this.#retryMs);
    });
  }

  /** SIGTERM, and SIGKILL for what is left of its process group after 11 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    const child = this.#child;
    if (child?.pid !== undefined) {
      const { pid } = child;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      const kill = setTimeout(() => process.kill(-pid, 'SIGKILL'), killAfterMs);
      await closed;
      clearTimeout(kill);
    }
    this.#log[Symbol.dispose]();
  }
}

/** Before the process has threads: they get what it has. */
function giveWay(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
    // Each process has a session of its own, and where those are scheduled as groups, `nice` is only within one.
    writeFileSync(`/proc/${pid}/autogroup`, `${nice}`);
  } catch {
    // It has ended, or this is not Linux with autogroups: then the priority above is all.
  }
}
