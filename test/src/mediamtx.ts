import { Child } from './child.js';
import { freePort } from './ports.js';
import { repositoryFile } from './services.js';
import { until } from './until.js';

/** Users of compose/mediamtx.yml, by their places there. */
const logins = {
  publisher: 'publisher:publishForTests',
  reader: 'reader:readForTests',
  admin: 'admin:adminForTests',
} as const;
const users = {
  // Nobody has this address (RFC 5737): loopback must log in, as another machine must.
  MTX_AUTHINTERNALUSERS_0_IPS: '192.0.2.1',
  ...Object.fromEntries(
    Object.values(logins).map((login, at) => [
      `MTX_AUTHINTERNALUSERS_${at + 1}_PASS`,
      login.split(':')[1] ?? '',
    ]),
  ),
};

/** A real MediaMTX with compose/mediamtx.yml, on free ports of loopback. Whoever connects must log in. */
export class MediaMtx implements AsyncDisposable {
  readonly rtspPort: number;
  readonly #rtspsPort: number;
  /** Where WHEP is asked: `http://127.0.0.1:<port>`. */
  readonly webrtcUrl: string;
  readonly apiUrl: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: Child | undefined;

  private constructor(
    [rtsp, webrtc, ice, api, rtsps]: readonly [number, number, number, number, number],
    env: Readonly<Record<string, string>>,
  ) {
    this.rtspPort = rtsp;
    this.#rtspsPort = rtsps;
    this.webrtcUrl = `http://127.0.0.1:${webrtc}`;
    this.apiUrl = `http://127.0.0.1:${api}`;
    this.#env = {
      MTX_RTSPADDRESS: `127.0.0.1:${rtsp}`,
      MTX_RTSPSADDRESS: `127.0.0.1:${rtsps}`,
      MTX_WEBRTCADDRESS: `127.0.0.1:${webrtc}`,
      MTX_WEBRTCLOCALUDPADDRESS: `127.0.0.1:${ice}`,
      MTX_WEBRTCLOCALTCPADDRESS: `127.0.0.1:${ice}`,
      MTX_APIADDRESS: `127.0.0.1:${api}`,
      MTX_METRICS: 'false',
      ...users,
      ...env,
    };
  }

  /** Throws with what to do when it is not on the PATH: such a test must not look green. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<MediaMtx> {
    const ports = [
      ...([await freePort(), await freePort(), await freePort()] as const),
      ...([await freePort(), await freePort()] as const),
    ] as const;
    const server = new MediaMtx(ports, env);
    await server.up();
    return server;
  }

  /** Starts the process and waits until it answers. */
  async up(): Promise<void> {
    const config = repositoryFile('compose/mediamtx.yml');
    const child = await Child.start('mediamtx', [config], this.#env).catch((error: Error) => {
      throw new Error('mediamtx is not on the PATH: npm run test:mediamtx builds it', {
        cause: error,
      });
    });
    this.#child = child;
    await until('MediaMTX answers', async () => {
      if (!child.running) throw new Error(child.output);
      return (await this.api('/v3/paths/list')).ok;
    });
  }

  api(path: string): Promise<Response> {
    const authorization = `Basic ${Buffer.from(logins.admin).toString('base64')}`;
    return fetch(this.apiUrl + path, { headers: { authorization } });
  }

  /** SIGKILL, as in a crash. */
  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  /** What it printed since it was last started. */
  get output(): string {
    return this.#child?.output ?? '';
  }

  publishUrl(name: string): string {
    return this.url(name, logins.publisher);
  }

  /** As a session is given it. */
  readUrl(name: string): string {
    return this.url(name, logins.reader);
  }

  /** With a login of one's own; empty: none. */
  url(name: string, login = ''): string {
    return `rtsp://${login === '' ? '' : `${login}@`}127.0.0.1:${this.rtspPort}/${name}`;
  }

  /** The same over TLS, where the environment has it encrypt. */
  secure(url: string): string {
    return url.replace('rtsp:', 'rtsps:').replace(`:${this.rtspPort}/`, `:${this.#rtspsPort}/`);
  }

  /** What fanout is told of it. */
  get fanoutEnv(): Readonly<Record<string, string>> {
    const [user = '', password = ''] = logins.reader.split(':');
    return {
      WEBRTC_URL: this.webrtcUrl,
      WEBRTC_RTSP_URLS: this.url('').replace(/\/$/, ''),
      WEBRTC_USER: user,
      WEBRTC_PASSWORD: password,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.stop('SIGTERM');
  }
}
