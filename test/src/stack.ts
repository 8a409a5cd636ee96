import { Bus, createLogger, type NatsConfig } from '@framebus/contract/service';
import type { Child } from './child.js';
import { NatsServer } from './nats.js';
import { freePort } from './ports.js';
import { repositoryFile, startNode, startService } from './services.js';
import { until } from './until.js';
import { Viewer } from './viewer.js';

/** The key of the video API that the gateway is given. */
export const videoKey = 'video-api-key-001';

/** How long a service may take to be ready, on a busy machine. */
const readyTimeoutMs = 90_000;

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

type Env = Readonly<Record<string, string>>;

export interface StackOptions {
  readonly detectors?: number;
  readonly ingestEnv?: Env;
  readonly detectorEnv?: Env;
  readonly fanoutEnv?: Env;
  readonly gatewayEnv?: Env;
  /** In place of a server of its own. It is disposed of with the stack. */
  readonly nats?: NatsServer;
  /** Addresses for the services, in place of the server's. */
  readonly natsUrl?: string;
  /** How each service gets to NATS, beyond its address. */
  readonly natsEnv?: (service: 'ingest' | 'detector' | 'fanout') => Env;
  /** How the test's own bus gets there, and what it declares. */
  readonly busConfig?: Partial<NatsConfig>;
  readonly busDeclares?: Parameters<typeof Bus.open>[4];
}

/**
 * NATS, RTSP relay, ingest, detectors, fanout and gateway as real processes on free ports.
 * Disposal ends them all.
 */
export class Stack implements AsyncDisposable {
  readonly nats: NatsServer;
  readonly bus: Bus;
  fanout: Child | undefined;
  readonly detectors: Child[] = [];
  readonly ingests: Child[] = [];
  readonly #members: Child[] = [];
  readonly #options: StackOptions;
  readonly #rtspPort: number;
  readonly #ingestPort: number;
  readonly #gatewayPort: number;
  #fanoutEnv: Env = {};
  #fanoutPort = 0;

  private constructor(
    nats: NatsServer,
    bus: Bus,
    ports: readonly [number, number, number],
    options: StackOptions,
  ) {
    this.nats = nats;
    this.bus = bus;
    this.#options = options;
    [this.#rtspPort, this.#ingestPort, this.#gatewayPort] = ports;
  }

  static async start(options: StackOptions = {}): Promise<Stack> {
    const nats = options.nats ?? (await NatsServer.start());
    const natsUrl = (options.natsUrl ?? nats.url).split(',');
    const config = { natsUrl, ...options.busConfig };
    const log = createLogger('test', 'silent');
    const bus = await Bus.open(config, 'test', log, undefined, options.busDeclares);
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const stack = new Stack(nats, bus, ports, options);
    try {
      await stack.#start(options.detectors ?? 1, options.detectorEnv ?? {});
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
    return stack;
  }

  #natsEnv(service: 'ingest' | 'detector' | 'fanout'): Env {
    const { natsUrl, natsEnv } = this.#options;
    return { NATS_URL: natsUrl ?? this.nats.url, ...natsEnv?.(service) };
  }

  async #start(detectors: number, detectorEnv: Readonly<Record<string, string>>): Promise<void> {
    const fanoutPort = await freePort();
    this.#fanoutPort = fanoutPort;
    const rtsp = { RTSP_PORT: `${this.#rtspPort}` };
    const fanout = {
      ...this.#natsEnv('fanout'),
      FANOUT_PORT: `${fanoutPort}`,
      ...this.#options.fanoutEnv,
    };
    const gateway = {
      PROXY_PORT: `${this.#gatewayPort}`,
      ADMIN_PORT: '0',
      UPSTREAMS: `ingest=http://127.0.0.1:${this.#ingestPort},fanout=http://127.0.0.1:${fanoutPort}`,
      ...this.#options.gatewayEnv,
    };
    this.#fanoutEnv = fanout;
    this.fanout = await startService('fanout', fanout);
    this.#members.push(
      await startNode(repositoryFile('compose/dist/src/relay/main.js'), rtsp),
      this.fanout,
      await startService('gateway', gateway),
    );
    await Promise.all([
      this.addIngest(this.#ingestPort),
      ...Array.from({ length: detectors }, () => this.addDetector(detectorEnv)),
    ]);
    await until('page is served', async () => (await fetch(`${this.url}/`)).ok, {
      timeoutMs: readyTimeoutMs,
    });
    await until(
      'detectors are registered',
      async () => {
        const { body } = await this.call<{ detectors: unknown[] }>('GET', '/api/v1/video/health');
        return body.detectors.length >= detectors;
      },
      { timeoutMs: readyTimeoutMs },
    );
  }

  /** Starts fanout again where it was, after a test killed it. */
  async restartFanout(): Promise<void> {
    this.fanout = await startService('fanout', this.#fanoutEnv);
    this.#members.push(this.fanout);
  }

  async addDetector(env: Readonly<Record<string, string>> = {}): Promise<Child> {
    const child = await startService('detector', { ...this.#natsEnv('detector'), ...env });
    this.detectors.push(child);
    this.#members.push(child);
    await until('detector is ready', () => child.output.includes('"ready"'), {
      timeoutMs: readyTimeoutMs,
    });
    return child;
  }

  async addIngest(port: number): Promise<Child> {
    const { ingestEnv } = this.#options;
    const env = { ...this.#natsEnv('ingest'), ...ingestEnv, INGEST_PORT: `${port}` };
    const child = await startService('ingest', env);
    this.ingests.push(child);
    this.#members.push(child);
    await until('ingest answers', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, {
      timeoutMs: readyTimeoutMs,
    });
    return child;
  }

  /** What runs: name and process id of each, such as `detector 2`. */
  get processes(): ReadonlyMap<string, number | undefined> {
    const numbered = (name: string, children: readonly Child[]) =>
      children.map((child, i) => [`${name} ${i + 1}`, child.process.pid] as const);
    const [relay, fanout, gateway] = this.#members;
    return new Map([
      ['nats-server', this.nats.pid],
      ['relay', relay?.process.pid],
      ['fanout', fanout?.process.pid],
      ['gateway', gateway?.process.pid],
      ...numbered('ingest', this.ingests),
      ...numbered('detector', this.detectors),
    ]);
  }

  /** Address of the gateway. */
  get url(): string {
    return `http://127.0.0.1:${this.#gatewayPort}`;
  }

  /** Addresses of the first ingest and of fanout themselves. */
  get ingestUrl(): string {
    return `http://127.0.0.1:${this.#ingestPort}`;
  }

  get fanoutUrl(): string {
    return `http://127.0.0.1:${this.#fanoutPort}`;
  }

  /** Address of a camera at our relay. */
  rtspUrl(name: string): string {
    return `rtsp://127.0.0.1:${this.#rtspPort}/${name}`;
  }

  /** A call through the gateway with the video key. */
  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { apikey: videoKey, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** Starts a session. @throws Error when it is refused */
  async startSession(sessionId: string, streamUrl: string, spec: object = {}): Promise<void> {
    const body = { session_id: sessionId, stream_url: streamUrl, ...spec };
    const { status, body: answer } = await this.call('POST', '/api/v1/video/start', body);
    if (status !== 200) throw new Error(`start: ${status} ${JSON.stringify(answer)}`);
  }

  /** A viewer of a session through the gateway. `query` such as `frames=none`. */
  view(sessionId: string, protocol: 'json' | 'msgpack' = 'json', query = ''): Promise<Viewer> {
    const base = `ws://127.0.0.1:${this.#gatewayPort}/ws/stream/${sessionId}`;
    return Viewer.open(`${base}?apikey=${videoKey}&${query}`, protocol);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop('SIGTERM')));
    await this.bus[Symbol.asyncDispose]();
    await this.nats[Symbol.asyncDispose]();
  }
}
