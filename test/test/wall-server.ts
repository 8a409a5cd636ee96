import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./serve-wall.js', import.meta.url));

/**
 * The stack and painted cameras, all at nice 19: a viewer's machine is not the server, so that where both share one
 * the browser gets the cores that it asks for. Disposal ends them all.
 */
export class WallServer implements AsyncDisposable {
  /** Address of the gateway. */
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** @param fps of each camera */
  static async start(count: number, fps: number): Promise<WallServer> {
    // In a session of its own, for its autogroup.
    const server = spawn('nice', ['-n', '19', process.execPath, script, `${count}`, `${fps}`], {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [said] = await Promise.race([
      once(server, 'message') as Promise<[{ readonly url: string }]>,
      once(server, 'exit').then(([code]) => Promise.reject(new Error(`serve-wall ended: ${code}`))),
    ]);
    return new WallServer(server, said.url);
  }

  /** Frames of each camera that were sent so far. */
  async sent(): Promise<number> {
    const answer = once(this.#process, 'message');
    this.#process.send('sent');
    const [{ sent }] = (await answer) as [{ readonly sent: number }];
    return sent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }
}
