// The thread of the model: onnxruntime-node's run() blocks the thread that calls it.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession } from 'onnxruntime-node';
import { findExportStyle, readPictureInput, type Size } from './export-style.js';
import { floatTensor } from './floats.js';
import { readGraph } from './graph.js';
import type { ModelOutput } from './model-output.js';

export interface ModelOptions {
  readonly path: string;
  readonly provider: string;
  readonly threads: number;
  /** Width and height of the pictures, in pixels, where the graph leaves them open. */
  readonly inputSize: number;
  readonly minInferenceMs: number;
  /** How many class names there are. */
  readonly classes: number;
}

export interface ModelRequest {
  readonly id: number;
  /** Float32 RGB planes, 3 × height × width, 0 to 1; comes back with the answer. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** Of the frame, in pixels: boxes come out in them. */
  readonly width: number;
  readonly height: number;
}

export type ModelMessage =
  | { readonly ready: Size; readonly style: string }
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
const graph = readGraph(session);
const style = findExportStyle(graph);
const { type, width, height } = readPictureInput(graph, style, options.inputSize);

/** What `read` makes of the tensors that come out. */
async function infer<T>(
  { pixels, ...frame }: Omit<ModelRequest, 'id'>,
  read: (tensors: InferenceSession.ReturnType) => T,
): Promise<T> {
  const tensors = await session.run({
    [style.inputs[0].name]: floatTensor(type, pixels, [1, 3, height, width]),
    ...style.feeds(frame),
  });
  const result = read(tensors);
  for (const tensor of Object.values(tensors)) tensor.dispose();
  return result;
}

let queue = Promise.resolve();
port.on('message', (request: ModelRequest) => {
  queue = queue.then(async () => {
    const started = performance.now();
    const output = await infer(request, (tensors) => style.read(tensors, request, options.classes));
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

// The first run allocates and is slow: a camera's frame should not pay for it. It also shows what the graph gives.
await infer({ pixels: new Float32Array(3 * width * height), width, height }, (tensors) =>
  style.check(tensors, options.classes),
);
port.postMessage({ ready: { width, height }, style: style.name } satisfies ModelMessage);
