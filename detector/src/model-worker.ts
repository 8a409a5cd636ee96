// The thread of the model: onnxruntime-node's run() blocks the thread that calls it.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ModelInput, readExportStyle } from './export-style.js';

export interface ModelOptions {
  readonly path: string;
  readonly provider: string;
  readonly threads: number;
  readonly minInferenceMs: number;
}

export interface ModelRequest {
  readonly id: number;
  /** Float32 RGB planes, 3 × height × width, 0 to 1; comes back with the answer. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** Of the frame, in pixels: boxes come out in them. */
  readonly width: number;
  readonly height: number;
}

/** One entry a query, best score first. */
export interface ModelOutput {
  readonly labels: Int32Array<ArrayBuffer>;
  /** xyxy, 4 a query. */
  readonly boxes: Float32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

export type ModelMessage =
  | { readonly ready: ModelInput }
  | {
      readonly id: number;
      readonly output: ModelOutput;
      readonly inferenceMs: number;
      readonly pixels: Float32Array<ArrayBuffer>;
    };

const options = workerData as ModelOptions;
const port = parentPort;
if (port === null) throw new Error('not a worker thread');

const session = await InferenceSession.create(options.path, {
  executionProviders: [options.provider],
  intraOpNumThreads: options.threads,
  interOpNumThreads: 1,
  // Spinning threads take the core that decoding needs.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
const input = readExportStyle(session);

async function infer(request: Omit<ModelRequest, 'id'>): Promise<ModelOutput> {
  const { boxes, labels, scores } = await session.run({
    images: new Tensor('float32', request.pixels, [1, 3, input.height, input.width]),
    orig_target_sizes: new Tensor(
      'int64',
      BigInt64Array.of(BigInt(request.width), BigInt(request.height)),
      [1, 2],
    ),
  });
  const output = {
    labels: Int32Array.from(labels?.data as BigInt64Array, Number),
    boxes: Float32Array.from(boxes?.data as Float32Array),
    scores: Float32Array.from(scores?.data as Float32Array),
  };
  for (const tensor of [labels, boxes, scores]) tensor?.dispose();
  return output;
}

let queue = Promise.resolve();
port.on('message', (request: ModelRequest) => {
  queue = queue.then(async () => {
    const started = performance.now();
    const output = await infer(request);
    const left = options.minInferenceMs - (performance.now() - started);
    if (left > 0) await sleep(left);
    const { id, pixels } = request;
    const inferenceMs = performance.now() - started;
    const message: ModelMessage = { id, output, inferenceMs, pixels };
    port.postMessage(message, [
      pixels.buffer,
      output.labels.buffer,
      output.boxes.buffer,
      output.scores.buffer,
    ]);
  });
});

// The first run allocates and is slow: a camera's frame should not pay for it.
await infer({
  pixels: new Float32Array(3 * input.width * input.height),
  width: input.width,
  height: input.height,
});
port.postMessage({ ready: input } satisfies ModelMessage);
