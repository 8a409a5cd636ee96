import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, until } from '@framebus/test';
import { command } from './command.js';
import { goProgram } from './go-program.js';

const composeModule = 'github.com/docker/compose/v2@v2.40.3';

/** A Docker engine with `docker compose` v2: the one that runs, else one of our own, which ends with the test. */
export class Engine implements AsyncDisposable {
  /** Variables with which `docker` reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #daemon: Child | undefined;
  readonly #folder: string;

  private constructor(env: Record<string, string>, folder: string, daemon: Child | undefined) {
    this.env = env;
    this.#folder = folder;
    this.#daemon = daemon;
  }

  static async open(say: (words: string) => void): Promise<Engine> {
    const folder = await mkdtemp(join(tmpdir(), 'framebus-docker-'));
    const running = await works(['info']);
    const env: Record<string, string> = {};
    let daemon: Child | undefined;
    if (running) {
      say('using the Docker engine that runs');
    } else {
      if (process.getuid?.() !== 0)
        throw new Error('no Docker engine runs, and only root can start one');
      say('no Docker engine runs: starting one under a temporary folder');
      env.DOCKER_HOST = `unix://${folder}/docker.sock`;
      daemon = await Child.start('dockerd', [
        ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
        ...['--pidfile', join(folder, 'pid'), '--host', env.DOCKER_HOST],
      ]);
    }
    const engine = new Engine(env, folder, daemon);
    try {
      await until('Docker engine', () => engine.#answers(), { timeoutMs: 60_000, everyMs: 500 });
      if (!(await works(['compose', 'version']))) await engine.#addCompose(say);
      say((await engine.docker(['version', '--format', 'Docker {{.Server.Version}}'])).trim());
      say((await engine.docker(['compose', 'version'])).trim());
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  /** Whether the engine is ours, so that its images may stand in for those of a registry. */
  get own(): boolean {
    return this.#daemon !== undefined;
  }

  docker(
    args: readonly string[],
    timeoutMs = 60_000,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return command('docker', args, { env: { ...this.env, ...env }, timeoutMs });
  }

  async #answers(): Promise<boolean> {
    if (this.#daemon?.running === false) throw new Error(this.#daemon.output.slice(-2_000));
    await this.docker(['info']);
    return true;
  }

  /** Debian has no v2 of compose. */
  async #addCompose(say: (words: string) => void): Promise<void> {
    say('`docker compose` is missing: building it from the Go module proxy');
    const program = await goProgram('docker-compose', composeModule, './cmd');
    const plugins = join(this.#folder, 'config', 'cli-plugins');
    await mkdir(plugins, { recursive: true });
    await cp(program, join(plugins, 'docker-compose'));
    (this.env as Record<string, string>).DOCKER_CONFIG = join(this.#folder, 'config');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function works(args: readonly string[]): Promise<boolean> {
  return command('docker', args).then(
    () => true,
    () => false,
  );
}
