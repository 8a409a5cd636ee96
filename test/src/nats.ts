import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import { freePort } from './ports.js';
import { repositoryFile } from './services.js';
import { until } from './until.js';

/** A real nats-server with JetStream on a free port and a folder of its own. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #storeDir: string;
  #child: Child | undefined;

  private constructor(port: number, storeDir: string) {
    this.port = port;
    this.#storeDir = storeDir;
  }

  static async start(): Promise<NatsServer> {
    const server = new NatsServer(
      await freePort(),
      await mkdtemp(join(tmpdir(), 'framebus-test-nats-')),
    );
    await server.up();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  /** Starts the process and waits until it takes connections. */
  async up(): Promise<void> {
    this.#child = await Child.start(process.env.NATS_SERVER ?? 'nats-server', [
      ...['--addr', '127.0.0.1', '--port', String(this.port)],
      ...['--config', repositoryFile('compose/local/nats.conf'), '--store_dir', this.#storeDir],
    ]);
    await until('nats-server takes connections', () => accepts(this.port));
  }

  /** SIGKILL, as in a crash: what was in memory is gone. */
  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#storeDir, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
