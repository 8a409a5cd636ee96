import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Size } from './export-style.js';
import type { ModelOutput } from './model-output.js';
import type { ModelMessage, ModelOptions, ModelRequest } from './model-worker.js';

export interface Inference {
  readonly output: ModelOutput;
  readonly inferenceMs: number;
}

interface Waiting {
  readonly resolve: (result: Inference) => void;
  readonly reject: (reason: unknown) => void;
}

/** The model in a thread of its own. Pixel buffers are used again: take one, fill it, hand it to `infer`. */
export class Model implements AsyncDisposable {
  /** Of the pictures that it takes. */
  readonly input: Size;
  /** How the model was exported, in words. */
  readonly style: string;
  readonly provider: string;
  /** Rejects when the thread died; every inference in hand rejects too. */
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #spare: Float32Array<ArrayBuffer>[] = [];
  #nextId = 0;

  private constructor(worker: Worker, input: Size, style: string, provider: string) {
    this.#worker = worker;
    this.input = input;
    this.style = style;
    this.provider = provider;
    this.failed = new Promise((_, reject) => {
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`model thread ended with code ${code}`)));
    });
    // Not by a race with `failed` for each inference: as long as that waits, it keeps every race.
    this.failed.catch((reason) => {
      for (const { reject } of this.#waiting.values()) reject(reason);
      this.#waiting.clear();
    });
    worker.on('message', (message: ModelMessage) => {
      if (!('id' in message)) return;
      this.#spare.push(message.pixels);
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    });
  }

  /** Loads the file and runs it once. @throws UnknownModelError, or what onnxruntime says of file or provider */
  static async load(options: ModelOptions): Promise<Model> {
    const worker = new Worker(new URL('./model-worker.js', import.meta.url), {
      workerData: options,
    });
    const [message] = (await once(worker, 'message')) as [ModelMessage];
    if (!('ready' in message)) throw new Error('model thread answered before it was ready');
    return new Model(worker, message.ready, message.style, options.provider);
  }

  /** A buffer for one picture: Float32 RGB planes, 3 × height × width. */
  takeBuffer(): Float32Array<ArrayBuffer> {
    return this.#spare.pop() ?? new Float32Array(3 * this.input.width * this.input.height);
  }

  /** Boxes come out in pixels of `width` × `height`. The buffer belongs to the model until the answer. */
  infer(pixels: Float32Array<ArrayBuffer>, width: number, height: number): Promise<Inference> {
    const id = this.#nextId++;
    const request: ModelRequest = { id, pixels, width, height };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request, [pixels.buffer]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
