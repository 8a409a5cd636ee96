import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { executionProvider } from './execution-provider.js';
import { type ExportStyle, findExportStyle, type Size } from './export-style.js';
import { floatTensor } from './floats.js';
import { readGraph, UnknownModelError } from './graph.js';
import type { ModelOptions } from './model.js';
import type { ModelOutput } from './model-output.js';
import { type PictureInput, readPictureInput } from './picture-input.js';
import { rowOf } from './rows.js';

type Tensors = InferenceSession.ReturnType;

/** One session of onnxruntime, and how its graph is fed and read. Its runs block the thread. */
export class ModelSession {
  readonly #session: InferenceSession;
  readonly #style: ExportStyle;
  readonly #input: PictureInput;
  readonly #classes: number;
  #longestRunMs = 0;

  private constructor(session: InferenceSession, options: ModelOptions) {
    const graph = readGraph(session);
    this.#session = session;
    this.#style = findExportStyle(graph);
    this.#input = readPictureInput(graph, this.#style, options);
    this.#classes = options.classes;
  }

  /** Loads the file and runs it with the batches that it will be given. @throws UnknownModelError, or what onnxruntime says */
  static async load(options: ModelOptions): Promise<ModelSession> {
    const session = await InferenceSession.create(options.path, {
      executionProviders: [executionProvider(options)],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      // Spinning threads take the core that decoding needs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    const loaded = new ModelSession(session, options);
    await loaded.#warmUp(options);
    return loaded;
  }

  get input(): Size {
    return { width: this.#input.width, height: this.#input.height };
  }

  get style(): string {
    return this.#style.name;
  }

  /** Of the runs so far, those that only warmed up included. */
  get longestRunMs(): number {
    return this.#longestRunMs;
  }

  /** See Model. */
  async run(
    pixels: Float32Array<ArrayBuffer>,
    frames: readonly Size[],
  ): Promise<readonly ModelOutput[]> {
    return this.#run(pixels, frames, (tensors) =>
      frames.map((frame, i) => this.#style.read(rowOf(tensors, i), frame, this.#classes)),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** What `read` makes of the tensors that come out. */
  async #run<T>(
    pixels: Float32Array<ArrayBuffer>,
    frames: readonly Size[],
    read: (tensors: Tensors) => T,
  ): Promise<T> {
    const { name, type, width, height, fixedBatch } = this.#input;
    const rows = fixedBatch ?? frames.length;
    const sizes = Array.from({ length: rows }, (_, i) => frames[i] ?? { width, height });
    // Where the graph wants more pictures than there are, it is given whatever the buffer holds behind them.
    const filled = pixels.subarray(0, rows * 3 * width * height);
    const started = performance.now();
    const tensors = await this.#session.run({
      [name]: floatTensor(type, filled, [rows, 3, height, width]),
      ...this.#style.feeds(sizes),
    });
    this.#longestRunMs = Math.max(this.#longestRunMs, performance.now() - started);
    const result = read(tensors);
    for (const tensor of Object.values(tensors)) tensor.dispose();
    return result;
  }

  /**
   * First runs allocate, and a GPU picks its kernels for each size of batch: a camera's frame should not pay for it.
   * They also show what the graph gives. The largest batch comes early: TensorRT builds for the range that it has seen.
   */
  async #warmUp({ batch, provider, classes }: ModelOptions): Promise<void> {
    const { width, height, fixedBatch } = this.#input;
    const black = new Float32Array(batch * 3 * width * height);
    const between = provider === 'cpu' ? [] : Array.from({ length: batch }, (_, i) => i + 1);
    for (const rows of new Set([fixedBatch ?? 1, batch, ...(fixedBatch ? [] : between)])) {
      const frames = Array.from({ length: rows }, () => ({ width, height }));
      await this.#run(black, frames, (tensors) => {
        checkRows(tensors, rows);
        this.#style.check(rowOf(tensors, 0), classes);
      }).catch((cause: Error) => {
        if (rows === 1 || cause instanceof UnknownModelError) throw cause;
        throw new Error(`a run of ${rows} pictures failed: ${cause.message}`, { cause });
      });
    }
  }
}

/** Some graphs leave the batch open and still give one row, as it was when they were exported. */
function checkRows(tensors: Tensors, rows: number): void {
  for (const [name, { dims }] of Object.entries(tensors) as [string, Tensor][]) {
    if (dims[0] !== rows) {
      throw new UnknownModelError(
        `for ${rows} pictures at once the graph gives ${name} [${dims.join(', ')}]; try it with DETECTOR_BATCH=1`,
      );
    }
  }
}
