import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Member, type MemberSpec } from '@framebus/compose/dist/src/member.js';
import { detectorNice } from '@framebus/compose/dist/src/stack.js';
import { Bus, createLogger } from '@framebus/contract/service';
import { freePort, NatsServer, repositoryFile, TcpProxy, until, videoKey } from '@framebus/test';
import { Camera, cameraFps } from './camera.js';
import { killMarked } from './marked.js';
import { Watcher } from './watcher.js';

export const cameraNames = ['camera-1', 'camera-2', 'camera-3', 'camera-4'] as const;
const detectors = 3;
const viewers = 20;
const patience = { timeoutMs: 120_000, everyMs: 200 };

/**
 * The stack under load: four cameras at 10 fps, two ingests, three detectors, a fanout, a gateway, twenty viewers.
 * Services are kept running by the supervisor of `npm start`. They reach NATS and the cameras through proxies.
 */
export class Rig implements AsyncDisposable {
  readonly members = new Map<string, Member>();
  readonly cameras: Camera[] = [];
  readonly watchers: Watcher[] = [];
  readonly bus: Bus;
  readonly nats: NatsServer;
  readonly natsProxy: TcpProxy;
  readonly rtspProxy: TcpProxy;
  readonly #gatewayUrl: string;
  readonly #folder: string;
  readonly #mark: string;
  #ended: Promise<string[]> | undefined;

  private constructor(
    nats: NatsServer,
    bus: Bus,
    proxies: readonly [TcpProxy, TcpProxy],
    gatewayUrl: string,
    folder: string,
    mark: string,
  ) {
    this.nats = nats;
    this.bus = bus;
    [this.natsProxy, this.rtspProxy] = proxies;
    this.#gatewayUrl = gatewayUrl;
    this.#folder = folder;
    this.#mark = mark;
  }

  static async start(nats: NatsServer): Promise<Rig> {
    const mark = `framebus-chaos-${randomUUID()}`;
    process.env.FRAMEBUS_CHAOS = mark;
    const log = createLogger('chaos', 'silent');
    const bus = await Bus.open({ natsUrl: [nats.url] }, 'chaos', log);
    const [rtspPort, proxyPort] = [await freePort(), await freePort()];
    const proxies = [await TcpProxy.start(nats.port), await TcpProxy.start(rtspPort)] as const;
    const folder = await mkdtemp(join(tmpdir(), 'framebus-chaos-'));
    const url = `http://127.0.0.1:${proxyPort}`;
    const rig = new Rig(nats, bus, proxies, url, folder, mark);
    try {
      await rig.#start(rtspPort, proxyPort);
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
    return rig;
  }

  async #start(rtspPort: number, proxyPort: number): Promise<void> {
    const clock = repositoryFile('bench/dist/src/chaos/stepped-clock.js');
    const node = (name: string, main: string, env: Record<string, string>): MemberSpec => ({
      name,
      command: process.execPath,
      args: ['--import', clock, repositoryFile(main)],
      env: { ...env, CHAOS_CLOCK: this.#clockOf(name) },
    });
    const NATS_URL = `nats://127.0.0.1:${this.natsProxy.port}`;
    const ingestPorts = [await freePort(), await freePort()];
    const fanoutPort = await freePort();
    const ingests = ingestPorts.map((port) => `http://127.0.0.1:${port}`).join('|');
    const detector = { NATS_URL, DETECTOR_MODEL: 'shapes', DETECTOR_THREADS: '1' };
    const specs = [
      node('relay', 'compose/dist/src/relay/main.js', { RTSP_PORT: `${rtspPort}` }),
      ...ingestPorts.map((port, i) =>
        node(`ingest-${i + 1}`, 'ingest/dist/src/main.js', {
          ...{ NATS_URL, INGEST_PORT: `${port}`, INGEST_ID: `ingest-${i + 1}` },
        }),
      ),
      ...Array.from({ length: detectors }, (_, i) => ({
        ...node(`detector-${i + 1}`, 'detector/dist/src/main.js', detector),
        nice: detectorNice,
      })),
      node('fanout', 'fanout/dist/src/main.js', { NATS_URL, FANOUT_PORT: `${fanoutPort}` }),
      node('gateway', 'gateway/dist/src/main.js', {
        ...{ PROXY_PORT: `${proxyPort}`, ADMIN_PORT: '0' },
        UPSTREAMS: `ingest=${ingests},fanout=http://127.0.0.1:${fanoutPort}`,
      }),
    ];
    for (const spec of specs) {
      const member = new Member(spec, this.#folder, () => {});
      this.members.set(spec.name, member);
      member.start();
    }
    for (const name of cameraNames) {
      const camera = new Camera(`rtsp://127.0.0.1:${rtspPort}/${name}`);
      this.cameras.push(camera);
    }
    const health = `${this.#gatewayUrl}/api/v1/video/health`;
    await until(
      'the detectors',
      async () => {
        const { detectors: found } = (await (await fetch(health)).json()) as {
          detectors: unknown[];
        };
        return found.length === detectors;
      },
      patience,
    );
    for (const camera of this.cameras) await camera.up();
    for (const name of cameraNames) await this.#startSession(name);
    for (let i = 0; i < viewers; i++) {
      const name = cameraNames[i % cameraNames.length] as string;
      const frames = i < cameraNames.length ? '' : '&frames=none';
      const url = `${this.#gatewayUrl.replace('http', 'ws')}/ws/stream/${name}?apikey=${videoKey}${frames}`;
      this.watchers.push(new Watcher(url, name, i % 2 === 0 ? 'msgpack' : 'json'));
    }
    await until('results', () => this.watchers.every(({ results }) => results > 10), patience);
  }

  async #startSession(name: string): Promise<void> {
    const body = {
      session_id: name,
      stream_url: `rtsp://127.0.0.1:${this.rtspProxy.port}/${name}`,
      ...{ fps: cameraFps, enable_drawing: false },
    };
    const answer = await fetch(`${this.#gatewayUrl}/api/v1/video/start`, {
      method: 'POST',
      headers: { apikey: videoKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`start: ${answer.status} ${await answer.text()}`);
  }

  #clockOf(name: string): string {
    return join(this.#folder, `${name}.clock`);
  }

  /** Sets the wall clock of a service so many ms ahead of the machine's. */
  async stepClock(name: string, aheadMs: number): Promise<void> {
    await writeFile(this.#clockOf(name), `${aheadMs}`);
  }

  /** Names of sessions that run. */
  async running(): Promise<string[]> {
    const headers = { apikey: videoKey };
    const answer = await fetch(`${this.#gatewayUrl}/api/v1/video/sessions`, { headers });
    const sessions = (await answer.json()) as { session_id: string; status: string }[];
    return sessions.filter(({ status }) => status === 'running').map((s) => s.session_id);
  }

  member(name: string): Member {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`no ${name}`);
    return member;
  }

  /** Stops everything. Resolves with the processes that are left all the same, which then are killed. */
  end(): Promise<string[]> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<string[]> {
    for (const watcher of this.watchers) watcher.close();
    for (const camera of this.cameras) await camera.down();
    await Promise.all([...this.members.values()].map((member) => member.stop()));
    await this.bus[Symbol.asyncDispose]();
    await this.natsProxy[Symbol.asyncDispose]();
    await this.rtspProxy[Symbol.asyncDispose]();
    await this.nats[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
    return killMarked(this.#mark);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
