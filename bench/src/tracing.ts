import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bus, createLogger } from '@framebus/contract/service';
import { Child, NatsServer, repositoryFile, startService, until } from '@framebus/test';
import { demoPictures } from '@framebus/test/feed';
import { bare } from './bare-loop.js';
import type { Row } from './row.js';
import { cpuMs, quantile, sleep } from './statistics.js';

const rounds = 6;
const seconds = 6;
const model = 'nano';
/** What the camera gives of what the model can take. */
const saturating = 1.3;
const sdk = repositoryFile('contract/dist/src/service/telemetry.js');

/** A server, a detector and, in each round, a camera, all with the SDK as the variant has it. */
interface Variant extends AsyncDisposable {
  readonly name: string;
  readonly nats: NatsServer;
  readonly detector: Child;
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly fps: number[];
  /** CPU time of detector and publisher, in ms for each frame. */
  readonly cpu: number[];
  events: number;
  sampled: number;
}

/**
 * Frames per second of a saturated detector, and CPU time, with the SDK not loaded, with one frame in a hundred traced
 * and with all, by OTLP to a receiver on this machine that throws away what it gets. The two that are compared run at the
 * same time, each with a server and a camera of its own: what disturbs the one disturbs the other.
 */
export async function tracing(): Promise<Row[]> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end());
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  await using off = await startVariant(undefined, endpoint);
  await using few = await startVariant(0.01, endpoint);
  await using all = await startVariant(1, endpoint);
  const fps = saturating * (await bare(model, 1, await demoPictures(30), 2)).run;
  const rows: Row[] = [];
  for (const [i, on] of [few, all].entries()) {
    off.fps.length = 0;
    off.cpu.length = 0;
    for (let round = 1; round <= rounds; round++) {
      const after = 1_000_000 * (rounds * i + round);
      await Promise.all([measure(off, fps, after), measure(on, fps, after)]);
    }
    rows.push(row(off, on, on === few));
  }
  receiver.close();
  return rows;
}

function row(off: Variant, on: Variant, barred: boolean): Row {
  const ratios = on.fps.map((fps, round) => fps / (off.fps[round] as number));
  const ratio = quantile(ratios, 0.5);
  const [cpuOff, cpuOn] = [quantile(off.cpu, 0.5), quantile(on.cpu, 0.5)];
  const sampled = (100 * on.sampled) / on.events;
  return {
    what: `frames per second of a saturated detector (\`${model}\`, 1 thread) with ${on.name} of the frames traced, over tracing off`,
    measured: `${ratio.toFixed(3)} × (median of ${rounds} rounds, ${ratios.map((each) => each.toFixed(2)).join(' ')}); CPU a frame of publisher and detector ${cpuOn.toFixed(1)} over ${cpuOff.toFixed(1)} ms (${(cpuOn / cpuOff).toFixed(3)} ×); ${sampled.toFixed(1)} % were sampled`,
    bar: barred ? '≥ 0.98 ×' : 'told, no bar',
    reached: !barred || ratio >= 0.98,
  };
}

async function startVariant(share: number | undefined, endpoint: string): Promise<Variant> {
  const otel = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: `${share}`,
  };
  const imports = share === undefined ? [] : [sdk];
  const nats = await NatsServer.start();
  const log = createLogger('bench', 'silent');
  const bus = await Bus.open({ natsUrl: [nats.url] }, 'bench', log);
  const env = { NATS_URL: nats.url, ...(share !== undefined && otel) };
  const detectorEnv = { ...env, DETECTOR_MODEL: model, DETECTOR_THREADS: '1' };
  const detector = await startService('detector', detectorEnv, imports);
  const wait = { timeoutMs: 60_000 };
  await until('detector is ready', () => detector.output.includes('"ready"'), wait);
  const name = share === undefined ? 'none' : `${100 * share} %`;
  const variant: Variant = {
    ...{ name, nats, detector, imports, env, fps: [], cpu: [], events: 0, sampled: 0 },
    async [Symbol.asyncDispose]() {
      await detector.stop();
      await bus[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
    },
  };
  bus.connection.subscribe('detections.*', {
    callback: (_, { headers }) => {
      variant.events += 1;
      if (headers?.get('traceparent').endsWith('-01')) variant.sampled += 1;
    },
  });
  return variant;
}

/** One round: a camera that begins, runs warm, and is looked at. */
async function measure(variant: Variant, fps: number, after: number): Promise<void> {
  const { nats, detector, imports, env } = variant;
  const args = [
    ...imports.flatMap((path) => ['--import', path]),
    repositoryFile('bench/dist/src/feed-main.js'),
    ...[nats.url, `${fps}`, `${after}`],
  ];
  await using feed = await Child.start(process.execPath, args, env);
  const first = variant.events;
  await until('the camera gives frames', () => variant.events > first, { timeoutMs: 90_000 });
  await sleep(1_000);
  const busy = async () => (await cpuMs(detector.process.pid)) + (await cpuMs(feed.process.pid));
  const [events, cpu, started] = [variant.events, await busy(), performance.now()];
  await sleep(1_000 * seconds);
  const frames = variant.events - events;
  variant.fps.push(frames / ((performance.now() - started) / 1_000));
  variant.cpu.push(((await busy()) - cpu) / frames);
}
