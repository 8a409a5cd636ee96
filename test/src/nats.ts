import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.js';
import { freePort } from './ports.js';
import { repositoryFile } from './services.js';
import { until } from './until.js';

export interface NatsServerOptions {
  /** Path of the program, in place of NATS_SERVER. */
  readonly program?: string;
  /** Path of its configuration; address and ports are ours. */
  readonly config?: string;
  /** More of its command line. */
  readonly args?: readonly string[];
  /** What the configuration reads from its environment, but for NATS_STORE_DIR. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real nats-server with JetStream on a free port and a folder of its own. The program is NATS_SERVER, if set. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #monitorPort: number;
  readonly #storeDir: string;
  readonly #options: NatsServerOptions;
  #child: Child | undefined;

  private constructor(
    ports: readonly [number, number],
    storeDir: string,
    options: NatsServerOptions,
  ) {
    [this.port, this.#monitorPort] = ports;
    this.#storeDir = storeDir;
    this.#options = options;
  }

  static async start(options: NatsServerOptions = {}): Promise<NatsServer> {
    const server = new NatsServer(
      [await freePort(), await freePort()],
      await mkdtemp(join(tmpdir(), 'framebus-test-nats-')),
      options,
    );
    await server.up();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** What it printed since it was last started. */
  get output(): string {
    return this.#child?.output ?? '';
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  /** Starts the process and waits until it takes connections. */
  async up(): Promise<void> {
    const local = ['--config', repositoryFile('compose/local/nats.conf')];
    const { program, config, env, args = [] } = this.#options;
    const child = await Child.start(
      program ?? process.env.NATS_SERVER ?? 'nats-server',
      [
        ...['--addr', '127.0.0.1', '--port', String(this.port)],
        ...(config ? ['--config', config] : [...local, '--store_dir', this.#storeDir]),
        ...['--http_port', String(this.#monitorPort)],
        ...args,
      ],
      { NATS_STORE_DIR: this.#storeDir, ...env },
    );
    this.#child = child;
    await until('nats-server takes connections', () => {
      if (child.running) return accepts(this.port);
      throw new Error(child.output);
    });
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
