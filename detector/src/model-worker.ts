// The thread of the model: onnxruntime-node's run() blocks the thread that calls it.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Size } from './export-style.js';
import type { Inference, ModelOptions } from './model.js';
import { ModelSession } from './model-session.js';

export type ModelRequest =
  | { readonly pixels: Float32Array<ArrayBuffer>; readonly frames: readonly Size[] }
  | { readonly threads: number };

export type ModelMessage =
  | { readonly ready: Size; readonly style: string; readonly longestRunMs: number }
  | ({ readonly id: number } & Inference)
  | { readonly id: number; readonly threads: number }
  | { readonly id: number; readonly refused: string };

const options = workerData as ModelOptions;
const port = parentPort;
if (port === null) throw new Error('not a worker thread');

let session = await ModelSession.load(options);

async function infer(pixels: Float32Array<ArrayBuffer>, frames: readonly Size[]) {
  const started = performance.now();
  const outputs = await session.run(pixels, frames);
  const left = options.minInferenceMs - (performance.now() - started);
  if (left > 0) await sleep(left);
  const inference: Inference = { outputs, inferenceMs: performance.now() - started, pixels };
  const memory = outputs.flatMap((each) => [each.labels, each.boxes, each.scores]);
  return { inference, transfer: [pixels, ...memory].map(({ buffer }) => buffer) };
}

async function setThreads(threads: number) {
  try {
    const next = await ModelSession.load({ ...options, threads });
    await session.release();
    session = next;
    return { threads };
  } catch (error) {
    return { refused: String(error) };
  }
}

let queue = Promise.resolve();
port.on('message', (request: ModelRequest & { readonly id: number }) => {
  const { id } = request;
  queue = queue.then(async () => {
    if ('threads' in request) {
      const answer = await setThreads(request.threads);
      port.postMessage({ id, ...answer } satisfies ModelMessage);
    } else {
      const { inference, transfer } = await infer(request.pixels, request.frames);
      port.postMessage({ id, ...inference } satisfies ModelMessage, transfer);
    }
  });
});

port.postMessage({
  ready: session.input,
  style: session.style,
  longestRunMs: session.longestRunMs,
} satisfies ModelMessage);
