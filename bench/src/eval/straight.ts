import { availableParallelism } from 'node:os';
import { readBoxes } from '@framebus/detector/dist/src/boxes.js';
import { ModelSession } from '@framebus/detector/dist/src/model-session.js';
import { PictureDecoder } from '@framebus/detector/dist/src/picture.js';
import type { ScoredFound } from '@framebus/models/score';
import sharp from 'sharp';
import { asFound, type EvalModel } from './eval-model.js';

const INPUT_SIZE = 640; // the detector's default for models that leave it open

/** RGB, three bytes a pixel. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** The model with the detector's own preparing and reading, on pictures that nothing has damaged. */
export class StraightModel implements AsyncDisposable {
  readonly #session: ModelSession;
  readonly #decoder: PictureDecoder;
  readonly #pixels: Float32Array<ArrayBuffer>;
  readonly #classNames: readonly string[];
  readonly #confidence: number;

  private constructor(session: ModelSession, { classNames }: EvalModel, confidence: number) {
    const { width, height } = session.input;
    this.#session = session;
    this.#decoder = new PictureDecoder(session.input);
    this.#pixels = new Float32Array(3 * width * height);
    this.#classNames = classNames;
    this.#confidence = confidence;
  }

  /** @param confidence from which detections count, 0 to 1 */
  static async load(model: EvalModel, confidence: number): Promise<StraightModel> {
    const session = await ModelSession.load({
      path: model.path,
      provider: 'cpu',
      deviceId: 0,
      threads: availableParallelism(),
      inputSize: INPUT_SIZE,
      batch: 1,
      minInferenceMs: 0,
      stuckMs: 600_000,
      loadTimeoutMs: 600_000,
      classes: model.classNames.length,
    });
    return new StraightModel(session, model, confidence);
  }

  async detect({ rgb, width, height }: Picture): Promise<ScoredFound[]> {
    const raw = { width, height, channels: 3 } as const;
    // The detector decodes any picture; PNG loses nothing.
    const png = await sharp(rgb, { raw }).png({ compressionLevel: 0 }).toBuffer();
    const frame = { jpeg: png, width, height, frameIndex: 1, capturedAt: 0 };
    await this.#decoder.decodeInto(this.#pixels, frame);
    const [output] = await this.#session.run(this.#pixels, [{ width, height }]);
    const wanted = { confidenceThreshold: this.#confidence, classes: [], lowScoreMin: 1 };
    return asFound(readBoxes(output!, this.#classNames, frame, wanted).detections);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}
