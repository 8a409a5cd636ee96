import { repositoryFile, Viewer } from '@framebus/test';
import type { Engine } from './engine.js';
import { NatsView } from './nats-view.js';

const files = ['compose.yaml', 'compose.embedded-gateway.yaml', 'test-compose/containers.yaml'];

/** Generous: on a busy machine a dozen containers take minutes to get healthy. */
const upMs = 300_000;

/** The containers of the compose files, under a project name of their own. Its disposal leaves nothing of them. */
export class Deployment implements AsyncDisposable {
  readonly name: string;
  /** Settings, as an .env has them. */
  readonly env: Record<string, string> = {};
  /** Files under compose/, later ones over earlier ones. */
  readonly files: string[];
  readonly #engine: Engine;
  /** Passwords and keys by their variables. */
  keys: ReadonlyMap<string, string> = new Map();
  #gateway = '';
  #rtsp = '';

  /** @param overrides files under compose/ besides those of one host */
  constructor(engine: Engine, kind: string, overrides: readonly string[] = []) {
    this.#engine = engine;
    this.name = `framebus-test-${kind}-${process.pid}`;
    this.files = [...files, ...overrides];
  }

  compose(args: readonly string[], timeoutMs = 120_000): Promise<string> {
    const named = this.files.flatMap((file) => ['--file', repositoryFile(`compose/${file}`)]);
    // Only what the files say: no .env of this checkout.
    const all = ['compose', '--env-file', '/dev/null', '--project-name', this.name, ...named];
    return this.#engine.docker([...all, ...args], timeoutMs, this.env);
  }

  build(): Promise<string> {
    return this.compose(['build'], 900_000);
  }

  /** Resolves once every container is healthy, and one of another setting made anew. */
  async up(args: readonly string[] = []): Promise<void> {
    const wait = ['--wait', '--wait-timeout', `${upMs / 1_000}`];
    await this.compose(['up', '--detach', '--no-build', ...wait, ...args], upMs + 30_000);
    const show = async (args: readonly string[]) => {
      const text = await this.compose(args);
      return [...text.matchAll(/^(\w+)=(\S+)$/gm)].map(([, k = '', v = '']) => [k, v] as const);
    };
    const made = ['run', '--rm', '--no-deps', '-T', 'keys', 'cat', '/keys/all/keys.env'];
    const gateway = ['exec', '-T', 'gateway', 'cat', '/keys/keys.env'];
    this.keys = new Map([...(await show(made)), ...(await show(gateway))]);
    this.#gateway = await this.port('gateway', 8000);
    this.#rtsp = await this.port('mediamtx', 8554);
  }

  /** Where a container's port is published, such as `127.0.0.1:32768`. */
  async port(service: string, port: number): Promise<string> {
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

  /** What each detector dropped, by reason, in words. */
  async drops(): Promise<string> {
    await using view = await NatsView.open(this, ['nats']);
    return JSON.stringify(await view.drops());
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
