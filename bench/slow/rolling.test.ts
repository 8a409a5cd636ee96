import { setTimeout as sleep } from 'node:timers/promises';
import type { DetectionEvent } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import {
  type Child,
  freePort,
  NatsServer,
  publishTestPicture,
  repositoryFile,
  startNode,
  startService,
  until,
} from '@framebus/test';
import t from 'tap';
import { WebSocket } from 'ws';

type Kind = 'ingest' | 'detector' | 'fanout';
const patience = { timeoutMs: 60_000 };
/** On a machine that does nothing else it is 2 s; tests run beside others. */
const mostGapMs = 10_000;
/** There a detector may be so much later than another, so for viewers an event is waited for longer than the usual 150 ms. */
const reorderMs = Number(process.env.REORDER_MS ?? 2_000);

/** Two of each service. One is replaced as a deployment does: the new one first, then the old one is told to end. */
class Pair implements AsyncDisposable {
  readonly kind: Kind;
  readonly #natsUrl: string;
  readonly #running: { readonly child: Child; readonly port: number }[] = [];

  constructor(kind: Kind, natsUrl: string) {
    this.kind = kind;
    this.#natsUrl = natsUrl;
  }

  get urls(): string[] {
    return this.#running.map(({ port }) => `http://127.0.0.1:${port}`);
  }

  async add(): Promise<void> {
    const port = await freePort();
    const env = {
      NATS_URL: this.#natsUrl,
      [`${this.kind.toUpperCase()}_PORT`]: `${port}`,
      REORDER_MS: `${reorderMs}`,
    };
    const child = await startService(this.kind, env);
    const url = `http://127.0.0.1:${port}/readyz`;
    await until(`${this.kind} is ready`, async () => (await fetch(url)).ok, patience);
    this.#running.push({ child, port });
  }

  /** Resolves with the exit code of the oldest. */
  async replaceOldest(): Promise<number | null | undefined> {
    await this.add();
    const oldest = this.#running.shift();
    await oldest?.child.stop('SIGTERM');
    return oldest?.child.process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map(({ child }) => child.stop('SIGKILL')));
  }
}

/** Watches a session at whatever fanout is there, and goes on behind the last frame that it had. */
class Watcher implements Disposable {
  readonly indexes: number[] = [];
  readonly codes: number[] = [];
  longestGapMs = 0;
  #at = performance.now();
  #closed = false;
  #socket: WebSocket | undefined;
  readonly #session: string;
  readonly #urls: () => readonly string[];

  constructor(session: string, urls: () => readonly string[]) {
    this.#session = session;
    this.#urls = urls;
    this.#connect();
  }

  #connect(): void {
    if (this.#closed) return;
    // The newest: the oldest is the next to go.
    const url = this.#urls().at(-1)?.replace('http', 'ws');
    const since = this.indexes.length > 0 ? `&since=index:${this.indexes.at(-1)}` : '';
    const socket = new WebSocket(`${url}/ws/stream/${this.#session}?frames=none${since}`);
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; frame_index: number };
      if (message.type !== 'frame_result') return;
      this.indexes.push(message.frame_index);
      this.longestGapMs = Math.max(this.longestGapMs, performance.now() - this.#at);
      this.#at = performance.now();
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.codes.push(code);
      setTimeout(() => this.#connect(), 50);
    });
  }

  /** From now on. */
  forgetGaps(): void {
    this.#at = performance.now();
    this.longestGapMs = 0;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#socket?.terminate();
  }
}

t.test(
  'a rolling restart of every service is no long gap to a viewer, and loses no event',
  async (t) => {
    await using nats = await NatsServer.start();
    await using bus = await Bus.open(
      { natsUrl: [nats.url] },
      'test',
      createLogger('test', 'silent'),
    );
    const rtspPort = await freePort();
    const relay = repositoryFile('compose/dist/src/relay/main.js');
    await using _relay = await startNode(relay, { RTSP_PORT: `${rtspPort}` });
    await using ingests = new Pair('ingest', nats.url);
    await using detectors = new Pair('detector', nats.url);
    await using fanouts = new Pair('fanout', nats.url);
    const pairs = [ingests, detectors, fanouts];
    for (const pair of pairs) for (let i = 0; i < 2; i++) await pair.add();
    const names = ['a', 'b'];
    const urls = names.map((name) => `rtsp://127.0.0.1:${rtspPort}/${name}`);
    await using _a = await publishTestPicture(urls[0] as string, 10);
    await using _b = await publishTestPicture(urls[1] as string, 10);
    const events: DetectionEvent[] = [];
    bus.connection.subscribe('detections.*', {
      callback: (_, message) => events.push(message.json<DetectionEvent>()),
    });
    for (const [i, session_id] of names.entries()) {
      const answer = await fetch(`${ingests.urls[0]}/api/v1/video/start`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session_id, stream_url: urls[i], fps: 10 }),
      });
      t.equal(answer.status, 200);
    }
    const watchers = names.map((name) => new Watcher(name, () => fanouts.urls));
    t.teardown(() => {
      for (const watcher of watchers) watcher[Symbol.dispose]();
    });
    await until('results', () => watchers.every((w) => w.indexes.length > 20), patience);
    for (const pair of pairs) {
      for (const watcher of watchers) watcher.forgetGaps();
      for (let i = 0; i < 2; i++) {
        t.equal(await pair.replaceOldest(), 0, `${pair.kind}: a clean end`);
        const seen = watchers.map(({ indexes }) => indexes.length);
        const goesOn = () => watchers.every((w, at) => w.indexes.length > (seen[at] ?? 0) + 10);
        await until('results go on', goesOn, patience);
      }
      const longest = Math.max(...watchers.map(({ longestGapMs }) => longestGapMs));
      const words = `${pair.kind}: longest gap ${Math.round(longest)} ms`;
      t.comment(words);
      t.ok(longest <= mostGapMs, words);
    }
    // What was in hand comes within moments.
    await sleep(2_000);
    for (const name of names) {
      const of = events.filter(({ session_id }) => session_id === name);
      const tickets = new Set(of.map(({ ticket_index }) => ticket_index));
      const lost = of.filter(
        (e) => e.previous_ticket_index > 0 && !tickets.has(e.previous_ticket_index),
      );
      t.equal(lost.length, 0, `${name}: every ticket has its event`);
      t.equal(new Set(of.map((e) => e.frame_index)).size, of.length, `${name}: none twice`);
      const { indexes } = watchers[names.indexOf(name)] as Watcher;
      const first = indexes[0] ?? 0;
      const known = of.map((e) => e.frame_index).filter((i) => i >= first);
      const shown = new Set(indexes);
      const unseen = known.filter((i) => i < (indexes.at(-1) ?? 0) && !shown.has(i));
      t.same(unseen, [], `${name}: viewers missed none`);
      t.ok(
        indexes.every((index, i) => i === 0 || index > (indexes[i - 1] ?? 0)),
        'in order, none twice',
      );
    }
    for (const { codes } of watchers) {
      t.ok(codes.length > 0 && codes.every((code) => code === 1012), 'closed with 1012 alone');
    }
  },
);
