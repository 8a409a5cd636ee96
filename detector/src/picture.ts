import type { Frame } from '@framebus/contract';
import sharp from 'sharp';
import type { Size } from './export-style.js';
import { Stretch } from './stretch.js';

sharp.cache(false);
// One picture is decoded at a time, beside the model: more threads would only take its core.
sharp.concurrency(1);

/** A frame that is no picture. */
export class UndecodableFrameError extends Error {
  override readonly name = 'UndecodableFrameError';
  readonly code = 'FRAME_UNDECODABLE';
}

/** Pixels; a larger picture is refused. */
const maxPixels = 40_000_000;

/**
 * Turns JPEGs into model input: stretched to the model's size, RGB planes, 0 to 1. Aspect is not kept and nothing is
 * padded, as the RT-DETR authors' `Resize` does; no mean, no deviation.
 */
export class PictureDecoder {
  readonly #input: Size;
  readonly #stretch: Stretch;

  constructor(input: Size) {
    this.#input = input;
    this.#stretch = new Stretch(input.width, input.height);
  }

  /** @throws UndecodableFrameError */
  async decodeInto(pixels: Float32Array, frame: Frame): Promise<void> {
    const { data, info } = await this.#decode(frame);
    this.#stretch.into(pixels, data, info.width, info.height);
  }

  async #decode(frame: Frame) {
    const { width, height } = this.#input;
    try {
      const picture = sharp(frame.jpeg, { failOn: 'error', limitInputPixels: maxPixels });
      // Bilinear without antialias skips pixels past a factor of two: there sharp averages them first.
      if (frame.width > 2 * width || frame.height > 2 * height) {
        picture.resize(width, height, { fit: 'fill', kernel: 'linear' });
      }
      return await picture
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
    } catch (cause) {
      throw new UndecodableFrameError((cause as Error).message, { cause });
    }
  }
}
