import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Size } from './export-style.js';
import type { Inference, Model, ModelOptions } from './model.js';
import type { ModelMessage, ModelRequest } from './model-worker.js';
import { Watchdog } from './watchdog.js';

interface Waiting {
  readonly request: ModelRequest;
  readonly resolve: (message: ModelMessage) => void;
  readonly reject: (reason: unknown) => void;
}

/** onnxruntime in a thread of its own, which its runs block. */
export class ModelThread implements Model {
  readonly input: Size;
  readonly style: string;
  readonly provider: string;
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watchdog = new Watchdog();
  readonly #stuckMs: number;
  readonly #loadTimeoutMs: number;
  #nextId = 0;
  #disposed = false;

  private constructor(
    worker: Worker,
    input: Size,
    style: string,
    options: ModelOptions,
    runMs: number,
  ) {
    this.#worker = worker;
    this.input = input;
    this.style = style;
    this.provider = options.provider;
    this.#stuckMs = Math.max(options.stuckMs, 3 * (runMs + options.minInferenceMs));
    this.#loadTimeoutMs = options.loadTimeoutMs;
    this.failed = new Promise((_, reject) => {
      this.#watchdog.onStuck = reject;
      worker.on('error', reject);
      worker.on('exit', (code) => {
        if (!this.#disposed) reject(new Error(`model thread ended with code ${code}`));
      });
    });
    // Not by a race with `failed` for each inference: as long as that waits, it keeps every race.
    this.failed.catch((reason) => {
      for (const { reject } of this.#waiting.values()) reject(reason);
      this.#waiting.clear();
      this.#watchdog.stop();
    });
    worker.on('message', (message: ModelMessage) => {
      if (!('id' in message)) return;
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
      this.#watch();
    });
  }

  /** Loads the file and runs it. That may hang: see `inTime`. @throws UnknownModelError, or what onnxruntime says of file or provider */
  static async load(options: ModelOptions): Promise<ModelThread> {
    const worker = new Worker(new URL('./model-worker.js', import.meta.url), {
      workerData: options,
    });
    const [message] = (await once(worker, 'message')) as [ModelMessage];
    if (!('ready' in message)) throw new Error('model thread answered before it was ready');
    return new ModelThread(worker, message.ready, message.style, options, message.longestRunMs);
  }

  async infer(pixels: Float32Array<ArrayBuffer>, frames: readonly Size[]): Promise<Inference> {
    const answer = await this.#ask({ pixels, frames }, [pixels.buffer]);
    if (!('outputs' in answer)) throw new TypeError('the model thread gave another answer');
    return answer;
  }

  async setThreads(threads: number): Promise<void> {
    const answer = await this.#ask({ threads }, []);
    if ('refused' in answer) throw new Error(answer.refused);
  }

  #ask(request: ModelRequest, transfer: readonly ArrayBuffer[]): Promise<ModelMessage> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { request, resolve, reject });
      this.#worker.postMessage({ ...request, id }, transfer);
      if (this.#waiting.size === 1) this.#watch();
    });
  }

  /** Requests are worked on one after the other. */
  #watch(): void {
    const [first] = this.#waiting.values();
    if (first === undefined) this.#watchdog.stop();
    else if ('pixels' in first.request) this.#watchdog.start('the model', this.#stuckMs);
    else this.#watchdog.start('loading the model anew', this.#loadTimeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#watchdog.stop();
    await this.#worker.terminate();
  }
}
