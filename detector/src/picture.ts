import sharp from 'sharp';
import type { ModelInput } from './export-style.js';

sharp.cache(false);
// One picture is decoded at a time, beside the model: more threads would only take its core.
sharp.concurrency(1);

/** A frame that is no picture. */
export class UndecodableFrameError extends Error {
  override readonly name = 'UndecodableFrameError';
  readonly code = 'FRAME_UNDECODABLE';
}

/**
 * Decodes a JPEG into `pixels`: stretched to the model's size, RGB planes, 0 to 1.
 * Aspect is not kept and nothing is padded, as the RT-DETR authors' `Resize` does; no mean, no deviation.
 * @throws UndecodableFrameError
 */
export async function decodeInto(
  pixels: Float32Array,
  jpeg: Uint8Array,
  { width, height }: ModelInput,
): Promise<void> {
  let rgb: Buffer;
  try {
    rgb = await sharp(jpeg, { failOn: 'error', limitInputPixels: 40_000_000 })
      .resize(width, height, { fit: 'fill', kernel: 'linear' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new UndecodableFrameError((cause as Error).message, { cause });
  }
  const plane = width * height;
  for (let i = 0, j = 0; i < plane; i++, j += 3) {
    pixels[i] = (rgb[j] as number) / 255;
    pixels[i + plane] = (rgb[j + 1] as number) / 255;
    pixels[i + 2 * plane] = (rgb[j + 2] as number) / 255;
  }
}
