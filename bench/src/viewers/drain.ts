import { type Child, repositoryFile, startNode, until } from '@framebus/test';

/** What drain-main.ts prints. */
interface Reading {
  readonly open: number;
  readonly bytes: number;
  /** ms since the epoch. */
  readonly at: number;
}

/** Viewers in a process of their own. */
export class Drain implements AsyncDisposable {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async start(url: string, viewers: number, protocol: string): Promise<Drain> {
    const script = repositoryFile('bench/dist/src/viewers/drain-main.js');
    const env = { URL: url, VIEWERS: `${viewers}`, PROTOCOL: protocol };
    const drain = new Drain(await startNode(script, env));
    await until('all viewers are open', () => (drain.newest?.open ?? 0) >= viewers, {
      timeoutMs: 120_000,
    });
    return drain;
  }

  get newest(): Reading | undefined {
    const line = this.#child.output.trimEnd().split('\n').at(-1);
    return line ? (JSON.parse(line) as Reading) : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stop('SIGKILL');
  }
}
