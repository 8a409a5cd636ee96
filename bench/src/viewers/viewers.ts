import { randomBytes } from 'node:crypto';
import { Bus, createLogger } from '@framebus/contract/service';
import {
  type Child,
  freePort,
  NatsServer,
  repositoryFile,
  startNode,
  startService,
  until,
} from '@framebus/test';
import { WebSocket } from 'ws';
import type { Row } from '../row.js';
import { cpuMs, quantile, sleep } from '../statistics.js';
import { Drain } from './drain.js';
import { EventSource } from './event-source.js';

const rounds = 5;
const seconds = 4;
const log = createLogger('bench', 'silent');

interface Load {
  readonly what: string;
  readonly protocol: 'json' | 'msgpack';
  readonly query: string;
  readonly viewers: number;
  /** Messages a second. */
  readonly rate: number;
  readonly jpeg?: Uint8Array;
}

const loads: readonly Load[] = [
  {
    what: 'JSON without pictures',
    protocol: 'json',
    query: '?frames=none',
    viewers: 400,
    rate: 10,
  },
  {
    ...{
      what: 'MessagePack with pictures',
      protocol: 'msgpack',
      query: '',
      viewers: 100,
      rate: 10,
    },
    jpeg: randomBytes(59_000),
  },
];

/** What fanout's process delivers for a second of CPU, over `ws` sending a ready buffer of the same size; rounds take turns. */
export async function viewers(): Promise<Row[]> {
  await using nats = await NatsServer.start();
  const bus = await Bus.open({ natsUrl: [nats.url] }, 'bench', log);
  const port = await freePort();
  const env = { NATS_URL: nats.url, FANOUT_PORT: `${port}` };
  await using fanout = await startService('fanout', env);
  await until('fanout is ready', () => fanout.output.includes('"ready"'), {
    timeoutMs: 120_000,
  });
  const url = `http://127.0.0.1:${port}/ws/stream/`;
  const rows: Row[] = [];
  for (const load of loads) rows.push(await overReadyBuffer(bus, fanout, url, load));
  rows.push(await many(bus, fanout, url));
  await bus[Symbol.asyncDispose]();
  return rows;
}

async function overReadyBuffer(bus: Bus, fanout: Child, url: string, load: Load): Promise<Row> {
  const { what, protocol, query, viewers, rate, jpeg } = load;
  const session = `${protocol}-${viewers}`;
  const bytes = await messageBytes(bus, url + session + query, load, session);
  const script = repositoryFile('bench/dist/src/viewers/ready-main.js');
  const ours: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round < rounds; round++) {
    {
      const name = `${session}-${round}`;
      await using drain = await Drain.start(url + name + query, viewers, protocol);
      using _events = new EventSource(bus, name, rate, jpeg);
      ours.push(await perCpuSecond(fanout, drain, bytes));
    }
    const env = { BYTES: `${bytes}`, RATE: `${rate}`, BINARY: `${protocol === 'msgpack'}` };
    await using peer = await startNode(script, env);
    const port = await until('peer listens', () => /port (\d+)/.exec(peer.output)?.[1], {
      timeoutMs: 120_000,
    });
    await using drain = await Drain.start(`http://127.0.0.1:${port}/`, viewers, '');
    peers.push(await perCpuSecond(peer, drain, bytes));
  }
  const ratios = ours.map((value, i) => value / (peers[i] as number));
  const ratio = quantile(ratios, 0.5);
  const thousands = (values: readonly number[]) => (quantile(values, 0.5) / 1_000).toFixed(1);
  return {
    what: `viewers × messages a second of one core, ${what} (${(bytes / 1_000).toFixed(1)} KB, ${viewers} viewers, ${rate} a second), over \`ws\` sending a ready buffer`,
    measured: `${ratio.toFixed(2)} × (median of ${rounds} rounds, ${ratios.map((r) => r.toFixed(2)).join(' ')}); ${thousands(ours)} thousand over ${thousands(peers)} thousand`,
    bar: '≥ 0.9 ×',
    reached: ratio >= 0.9,
  };
}

/** Of what a viewer is sent for an event, without WebSocket's header. */
async function messageBytes(bus: Bus, url: string, load: Load, session: string): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), load.protocol);
  const sizes: number[] = [];
  socket.on('message', (data: Buffer) => sizes.push(data.length));
  await until('viewer is open', () => socket.readyState === WebSocket.OPEN);
  using _events = new EventSource(bus, session, load.rate, load.jpeg);
  await until('messages', () => sizes.length > 12);
  socket.terminate();
  return sizes.at(-1) as number;
}

async function perCpuSecond(server: Child, drain: Drain, bytes: number): Promise<number> {
  await sleep(1_000);
  const [before, cpuBefore] = [drain.newest?.bytes ?? 0, await cpuMs(server.process.pid)];
  await sleep(1_000 * seconds);
  const messages = ((drain.newest?.bytes ?? 0) - before) / bytes;
  return (1_000 * messages) / ((await cpuMs(server.process.pid)) - cpuBefore);
}

const manyViewers = 2_000;
const sampled = 50;
const manyRate = 10;
const manySeconds = 15;

/** As many viewers as a fanout takes by default; of some of them each message is looked at. */
async function many(bus: Bus, fanout: Child, base: string): Promise<Row> {
  const url = `${base}many?frames=none`;
  await using _drain = await Drain.start(url, manyViewers - sampled, 'json');
  const delays: number[] = [];
  let measuring = false;
  const sockets = Array.from({ length: sampled }, () => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'json');
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const { type, captured_at } = JSON.parse(data.toString());
      if (measuring && type === 'frame_result') delays.push(Date.now() - captured_at);
    });
    return socket;
  });
  await until(
    'sampled viewers are open',
    () => sockets.every(({ readyState }) => readyState === WebSocket.OPEN),
    { timeoutMs: 60_000 },
  );
  using events = new EventSource(bus, 'many', manyRate);
  await sleep(3_000);
  measuring = true;
  const [before, cpuBefore] = [events.published, await cpuMs(fanout.process.pid)];
  await sleep(1_000 * manySeconds);
  const cpu = ((await cpuMs(fanout.process.pid)) - cpuBefore) / (10 * manySeconds);
  const published = events.published - before;
  await sleep(1_000);
  measuring = false;
  const stats = (
    await bus.connection.request('fanout.health', '', { timeout: 20_000 })
  ).json<Counted>();
  const { skipped, closedBehind, viewers } = stats;
  for (const socket of sockets) socket.terminate();
  const p99 = quantile(delays, 0.99);
  const missing = published - delays.length / sampled;
  const behind = skipped + closedBehind;
  return {
    what: `${manyViewers} viewers of one fanout, ${manyRate} messages of 2 KB a second to each, delivery`,
    measured: `p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms of ${delays.length} looked at; ${viewers} viewers open, ${behind} behind; ${cpu.toFixed(0)} % of a core`,
    bar: 'no viewer behind, p99 ≤ 250 ms',
    reached: behind === 0 && p99 <= 250 && missing <= 5,
  };
}

/** Of fanout's stats. */
interface Counted {
  readonly skipped: number;
  readonly closedBehind: number;
  readonly viewers: number;
}
