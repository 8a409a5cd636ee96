import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Bus, createLogger } from '@framebus/contract/service';
import { executionProvider } from '@framebus/detector/dist/src/execution-provider.js';
import type { ModelOptions } from '@framebus/detector/dist/src/model.js';
import { ModelSession } from '@framebus/detector/dist/src/model-session.js';
import { renderStill } from '@framebus/models/street';
import { NatsServer, startService, until } from '@framebus/test';
import { Feed, feedHeight, feedWidth } from '@framebus/test/feed';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { quantile, sleep } from './statistics.js';

// node bench/dist/src/gpu.js --provider cuda --labels labels.json a.onnx b.onnx
// Prints, for each model and batch: frames per second through NATS and a detector over those of bare `session.run`, and
// how far the provider's outputs are from the CPU's. Models in the RT-DETR authors' style.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    provider: { type: 'string', default: 'cuda' },
    labels: { type: 'string', default: '' },
    batches: { type: 'string', default: '1,4,8' },
    seconds: { type: 'string', default: '4' },
  },
});
const provider = values.provider as ModelOptions['provider'];
const seconds = Number(values.seconds);
const labels: string[] = JSON.parse(await readFile(values.labels, 'utf8'));
const pictures = await Promise.all(Array.from({ length: 40 }, (_, i) => picture(9_000_000 + i)));

console.log(
  `| model | batch | bare session.run, pictures/s | detector, events/s | ratio | ${provider} against cpu: scores, boxes (of the picture) |\n|---|---|---|---|---|---|`,
);
for (const path of positionals) {
  const apart = await difference(path);
  for (const batch of values.batches.split(',').map(Number)) {
    const bare = await bareRuns(path, batch);
    const ours = await events(path, batch);
    console.log(
      `| ${path.split('/').at(-1)} | ${batch} | ${bare.toFixed(0)} | ${ours.toFixed(0)} | ${(ours / bare).toFixed(2)} | ${apart} |`,
    );
  }
}

async function picture(seed: number): Promise<Buffer> {
  const { picture } = await renderStill(seed, feedWidth, feedHeight);
  const raw = { width: feedWidth, height: feedHeight, channels: 3 } as const;
  return sharp(picture.rgb, { raw }).jpeg({ quality: 70 }).toBuffer();
}

function options(path: string, on: ModelOptions['provider'], batch: number): ModelOptions {
  return {
    path,
    provider: on,
    deviceId: 0,
    threads: 4,
    inputSize: 640,
    batch,
    minInferenceMs: 0,
    stuckMs: 600_000,
    loadTimeoutMs: 600_000,
    classes: labels.length,
  };
}

function create(path: string, on: ModelOptions['provider']): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    executionProviders: [executionProvider(options(path, on, 1))],
  });
}

async function inputSize(path: string): Promise<{ width: number; height: number }> {
  const session = await ModelSession.load(options(path, 'cpu', 1));
  const { input } = session;
  await session.release();
  return input;
}

async function feedsOf(path: string, batch: number) {
  const { width, height } = await inputSize(path);
  const pixels = new Float32Array(batch * 3 * width * height);
  for (let row = 0; row < batch; row++) {
    const rgb = await sharp(pictures[row]!).resize(width, height, { fit: 'fill' }).raw().toBuffer();
    const plane = width * height;
    for (let i = 0; i < 3 * plane; i++) {
      pixels[row * 3 * plane + (i % 3) * plane + Math.floor(i / 3)] = rgb[i]! / 255;
    }
  }
  return {
    images: new Tensor('float32', pixels, [batch, 3, height, width]),
    orig_target_sizes: new Tensor('int64', new BigInt64Array(2 * batch).fill(1n), [batch, 2]),
  };
}

/** Largest differences of the four surest detections, which keep their places. */
async function difference(path: string): Promise<string> {
  const feeds = await feedsOf(path, 4);
  const outputs = [];
  for (const on of ['cpu', provider] as const) {
    const session = await create(path, on);
    outputs.push(await session.run(feeds));
    await session.release();
  }
  const [cpu, other] = outputs as [InferenceSession.ReturnType, InferenceSession.ReturnType];
  const worst = (name: string, width: number) => {
    const [a, b] = [cpu[name]!.data as Float32Array, other[name]!.data as Float32Array];
    const row = a.length / 4;
    let most = 0;
    for (let r = 0; r < 4; r++) {
      for (let i = 0; i < 4 * width; i++) {
        most = Math.max(most, Math.abs(a[r * row + i]! - b[r * row + i]!));
      }
    }
    return most.toExponential(1);
  };
  return `${worst('scores', 1)}, ${worst('boxes', 4)}`;
}

async function bareRuns(path: string, batch: number): Promise<number> {
  const feeds = await feedsOf(path, batch);
  const session = await create(path, provider);
  for (let i = 0; i < 10; i++) await session.run(feeds);
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    let runs = 0;
    const started = performance.now();
    while (performance.now() - started < (1_000 * seconds) / 3) {
      await session.run(feeds);
      runs++;
    }
    rates.push((runs * batch * 1_000) / (performance.now() - started));
  }
  await session.release();
  return quantile(rates, 0.5);
}

async function events(path: string, batch: number): Promise<number> {
  await using nats = await NatsServer.start();
  const log = createLogger('bench', 'silent');
  const bus = await Bus.open({ natsUrl: [nats.url] }, 'bench', log, undefined, [
    'streams',
    'consumer',
  ]);
  const child = await startService('detector', {
    NATS_URL: nats.url,
    DETECTOR_MODEL: path,
    DETECTOR_LABELS: values.labels,
    DETECTOR_PROVIDERS: provider,
    REQUIRE_GPU: String(provider !== 'cpu'),
    DETECTOR_BATCH: String(batch),
    DETECTOR_THREADS: '4',
  });
  try {
    let seen = 0;
    bus.connection.subscribe('detections.*', { callback: () => seen++ });
    using _feed = new Feed(bus, 2 * batch, Math.ceil(1_600 / batch / 2), pictures);
    await until(
      'first events',
      () => {
        if (!child.running) throw new Error(child.output);
        return seen > 20;
      },
      { timeoutMs: 60_000 },
    );
    const before = seen;
    const started = performance.now();
    await sleep(1_000 * seconds);
    return ((seen - before) * 1_000) / (performance.now() - started);
  } finally {
    await child[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  }
}
