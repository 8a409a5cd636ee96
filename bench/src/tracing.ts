import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bus, createLogger } from '@framebus/contract/service';
import { Child, NatsServer, repositoryFile, startService, until } from '@framebus/test';
import type { Row } from './row.js';
import { cpuMs, sleep } from './statistics.js';
import type { TracingProfile } from './tracing-profile.js';

const fps = 15;
const warmUpSeconds = 15;
const seconds = 30;
const model = 'nano';
const sdk = repositoryFile('contract/dist/src/service/telemetry.js');
const profiler = repositoryFile('bench/dist/src/tracing-profile.js');

/**
 * CPU time that tracing takes of a frame in a camera's publisher and a detector, with the SDK not loaded, with one frame
 * in a hundred traced and with all, by OTLP to a receiver on this machine that throws away what it gets. Two runs of the
 * same process differ by more than tracing takes, so a profiler says where each one's time went.
 */
export async function tracing(): Promise<Row[]> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end());
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const rows = [
    await measure('tracing off', undefined, endpoint),
    await measure('1 % of the frames traced', 0.01, endpoint),
    await measure('all frames traced', 1, endpoint),
  ];
  receiver.close();
  return rows;
}

async function measure(name: string, share: number | undefined, endpoint: string): Promise<Row> {
  const imports = [...(share === undefined ? [] : [sdk]), profiler];
  const otel = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: `${share}`,
  };
  await using nats = await NatsServer.start();
  await using bus = await Bus.open(
    { natsUrl: [nats.url] },
    'bench',
    createLogger('bench', 'silent'),
  );
  const env = { NATS_URL: nats.url, ...(share !== undefined && otel) };
  const detectorEnv = { ...env, DETECTOR_MODEL: model, DETECTOR_THREADS: '1' };
  await using detector = await startService('detector', detectorEnv, imports);
  let [frames, sampled] = [0, 0];
  bus.connection.subscribe('detections.*', {
    callback: (_, { headers }) => {
      frames += 1;
      if (headers?.get('traceparent').endsWith('-01')) sampled += 1;
    },
  });
  const feed = [repositoryFile('bench/dist/src/feed-main.js'), nats.url, `${fps}`, '0'];
  const before = imports.flatMap((path) => ['--import', path]);
  await using publisher = await Child.start(process.execPath, [...before, ...feed], env);
  await until('the camera gives frames', () => frames > 0, { timeoutMs: 90_000 });
  await sleep(1_000 * warmUpSeconds);

  const processes = [publisher, detector];
  const cpu = () => Promise.all(processes.map((each) => cpuMs(each.process.pid)));
  const signal = () => {
    for (const each of processes) each.process.kill('SIGUSR2');
  };
  [frames, sampled] = [0, 0];
  const cpuBefore = await cpu();
  signal();
  await sleep(1_000 * seconds);
  const cpuAfter = await cpu();
  const [seen, traced] = [frames, sampled];
  signal();
  const profiles = await Promise.all(
    processes.map((each) => until('the profile', () => profileOf(each), { timeoutMs: 30_000 })),
  );
  const tracingMs = profiles.reduce((sum, profile) => sum + profile.tracingMs, 0) / seen;
  const all = cpuAfter.reduce((sum, ms, i) => sum + ms - (cpuBefore[i] ?? 0), 0) / seen;
  const part = (100 * tracingMs) / all;
  const barred = share === 0.01;
  return {
    what: `CPU of a frame that goes into OpenTelemetry's code, in a camera's publisher and a detector (\`${model}\`, 1 thread), ${name}`,
    measured: `${part.toFixed(2)} % (${tracingMs.toFixed(2)} of ${all.toFixed(1)} ms, ${seen} frames, ${traced} of them traced)`,
    bar: barred ? '≤ 2 %' : 'told, no bar',
    reached: !barred || part <= 2,
  };
}

function profileOf({ output }: Child): TracingProfile | undefined {
  const line = output.split('\n').find((each) => each.startsWith('{"profile":'));
  return line === undefined ? undefined : JSON.parse(line).profile;
}
