import { repositoryFile, Viewer } from '@framebus/test';
import type { Engine } from './engine.js';

const files = [
  'compose/compose.yaml',
  'compose/compose.embedded-gateway.yaml',
  'compose/test-compose/containers.yaml',
].map(repositoryFile);

/** The containers of the compose files, under a project name of their own. Its disposal leaves nothing of them. */
export class Deployment implements AsyncDisposable {
  readonly name = `framebus-test-${process.pid}`;
  readonly #engine: Engine;
  /** Passwords and keys by their variables. */
  keys: ReadonlyMap<string, string> = new Map();
  #gateway = '';
  #rtsp = '';

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  compose(args: readonly string[], timeoutMs = 120_000): Promise<string> {
    const named = files.flatMap((file) => ['--file', file]);
    // Only what the files say: no .env of this checkout.
    const all = ['compose', '--env-file', '/dev/null', '--project-name', this.name, ...named];
    return this.#engine.docker([...all, ...args], timeoutMs);
  }

  build(): Promise<string> {
    return this.compose(['build'], 900_000);
  }

  /** Resolves once every container is healthy. */
  async up(): Promise<void> {
    await this.compose(
      ['up', '--detach', '--no-build', '--wait', '--wait-timeout', '150'],
      180_000,
    );
    const show = async (args: readonly string[]) => {
      const text = await this.compose(args);
      return [...text.matchAll(/^(\w+)=(\S+)$/gm)].map(([, k = '', v = '']) => [k, v] as const);
    };
    const made = ['run', '--rm', '--no-deps', '-T', 'keys', 'cat', '/keys/all/keys.env'];
    const gateway = ['exec', '-T', 'gateway', 'cat', '/keys/keys.env'];
    this.keys = new Map([...(await show(made)), ...(await show(gateway))]);
    this.#gateway = await this.#port('gateway', 8000);
    this.#rtsp = await this.#port('mediamtx', 8554);
  }

  async #port(service: string, port: number): Promise<string> {
    return (await this.compose(['port', service, `${port}`])).trim();
  }

  key(name: string): string {
    const key = this.keys.get(name);
    if (key === undefined) throw new Error(`no ${name}`);
    return key;
  }

  get url(): string {
    return `http://${this.#gateway}`;
  }

  /** Where a camera outside pushes. */
  publishUrl(camera: string, password = this.key('RTSP_PUBLISH_PASSWORD')): string {
    return `rtsp://publisher:${password}@${this.#rtsp}/${camera}`;
  }

  /** Where ingest finds it. */
  readUrl(camera: string): string {
    return `rtsp://reader:${this.key('RTSP_READ_PASSWORD')}@mediamtx:8554/${camera}`;
  }

  /** @throws Error when the answer is not 200 */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        apikey: this.key('VIDEO_API_KEY'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  view(camera: string, protocol: 'json' | 'msgpack', query = ''): Promise<Viewer> {
    const url = `${this.url.replace('http', 'ws')}/ws/stream/${camera}`;
    return Viewer.open(`${url}?apikey=${this.key('VIDEO_API_KEY')}${query}`, protocol);
  }

  /** Runs so many detectors; resolves once the new ones are healthy, or the old ones gone. */
  async scaleDetectors(count: number): Promise<void> {
    const up = ['up', '--detach', '--no-build', '--no-recreate', '--no-deps', '--wait'];
    await this.compose([...up, '--scale', `detector=${count}`, 'detector']);
  }

  /** Ids of the containers of one service, or of all, that run or have ended. */
  async containers(service?: string): Promise<string[]> {
    const text = await this.compose(['ps', '--all', '--quiet', ...(service ? [service] : [])]);
    return text.split('\n').filter((line) => line !== '');
  }

  /** SIGKILL from outside, as for a container that used too much memory: the engine starts it again by its policy. */
  async crash(container: string): Promise<void> {
    const pid = await this.#engine.docker(['inspect', '--format', '{{.State.Pid}}', container]);
    if (Number(pid) < 2) throw new Error(`container ${container} does not run`);
    process.kill(Number(pid), 'SIGKILL');
  }

  /** Names of what the engine still has of it. */
  async leftovers(): Promise<string[]> {
    const filter = ['--filter', `label=com.docker.compose.project=${this.name}`, '--quiet'];
    const lists = await Promise.all([
      this.#engine.docker(['ps', '--all', ...filter]),
      this.#engine.docker(['volume', 'ls', ...filter]),
      this.#engine.docker(['network', 'ls', ...filter]),
    ]);
    return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '');
  }

  async logs(): Promise<string> {
    return this.compose(['logs', '--no-color', '--tail', '60']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.compose(['down', '--volumes', '--remove-orphans', '--timeout', '15'], 180_000);
  }
}
