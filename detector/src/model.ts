import type { Size } from './export-style.js';
import type { ModelOutput } from './model-output.js';

/** One run of the model. */
export interface Inference {
  /** One a frame, in the order of the frames. */
  readonly outputs: readonly ModelOutput[];
  /** Of the whole run, whatever the number of frames. */
  readonly inferenceMs: number;
  /** The buffer that went in, to be used again. */
  readonly pixels: Float32Array<ArrayBuffer>;
}

/** What turns pictures into detections. */
export interface Model extends AsyncDisposable {
  /** Of the pictures that it takes. */
  readonly input: Size;
  /** How the model was exported, in words. */
  readonly style: string;
  readonly provider: string;
  /** Rejects when it can not go on, with ModelStuckError when it hangs; every inference in hand rejects too. */
  readonly failed: Promise<never>;
  /**
   * One run. `pixels` holds room for `batch` pictures one after the other, each Float32 RGB planes, 3 × height × width,
   * 0 to 1; as many as there are `frames` are filled. It belongs to the model until the answer. Boxes come out in
   * pixels of each frame's size.
   */
  infer(pixels: Float32Array<ArrayBuffer>, frames: readonly Size[]): Promise<Inference>;
  /** Uses another number of threads of the CPU from now on. Rejects when that failed, and goes on as before. */
  setThreads(threads: number): Promise<void>;
}

export interface ModelOptions {
  readonly path: string;
  readonly provider: string;
  /** Number of the GPU, where the provider has some. */
  readonly deviceId: number;
  readonly threads: number;
  /** Width and height of the pictures, in pixels, where the graph leaves them open. */
  readonly inputSize: number;
  /** Most pictures of one run; exactly those, where the graph fixes their number. */
  readonly batch: number;
  readonly minInferenceMs: number;
  /** Longest time that an inference may take: see ModelStuckError. */
  readonly stuckMs: number;
  /** Longest time, in ms, that loading it anew may take. */
  readonly loadTimeoutMs: number;
  /** How many class names there are. */
  readonly classes: number;
}

/** Loads a model and runs it once. @throws UnknownModelError, or what is wrong with file or provider */
export type LoadModel = (options: ModelOptions) => Promise<Model>;
