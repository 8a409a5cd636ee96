import type { Frame } from '@framebus/contract';
import sharp from 'sharp';
import type { Size } from './export-style.js';
import { Stretch } from './stretch.js';
import { type DecodedPicture, TurboJpeg } from './turbo-jpeg.js';

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

const turbo = await TurboJpeg.load();

/**
 * Turns JPEGs into model input: stretched to the model's size, RGB planes, 0 to 1. Aspect is not kept and nothing is
 * padded, as the RT-DETR authors' `Resize` does; no mean, no deviation. libjpeg-turbo decodes where the system has it;
 * sharp, which takes several times as long, decodes elsewhere, and whatever libjpeg-turbo objects to.
 */
export class PictureDecoder {
  /** What decodes, for the log. */
  static readonly library = turbo === undefined ? 'sharp' : 'libjpeg-turbo';
  readonly #input: Size;
  readonly #aside: boolean;
  readonly #stretch: Stretch;

  /** @param aside several pictures are decoded at once, so each in a thread of its own */
  constructor(input: Size, aside = false) {
    this.#input = input;
    this.#aside = aside;
    this.#stretch = new Stretch(input.width, input.height);
  }

  /** @throws UndecodableFrameError */
  async decodeInto(pixels: Float32Array, frame: Frame): Promise<void> {
    const fast = await turbo?.decode(frame.jpeg, this.#input, maxPixels, this.#aside);
    try {
      const picture = fast && this.#skipsNone(fast) ? fast : await this.#decodeBySharp(frame);
      this.#stretch.into(pixels, picture.rgb, picture.width, picture.height);
    } finally {
      fast?.release();
    }
  }

  /** Bilinear without antialias skips pixels past a factor of two. */
  #skipsNone({ width, height }: Size): boolean {
    return width <= 2 * this.#input.width && height <= 2 * this.#input.height;
  }

  async #decodeBySharp(frame: Frame): Promise<Omit<DecodedPicture, 'release'>> {
    const { width, height } = this.#input;
    try {
      const picture = sharp(frame.jpeg, { failOn: 'error', limitInputPixels: maxPixels });
      // There sharp averages them first.
      if (!this.#skipsNone(frame)) picture.resize(width, height, { fit: 'fill', kernel: 'linear' });
      const { data, info } = await picture
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, rgb: data };
    } catch (cause) {
      throw new UndecodableFrameError((cause as Error).message, { cause });
    }
  }
}
