import { availableParallelism } from 'node:os';
import { findModel } from '@framebus/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const size = 640;

/**
 * The peer: one process that decodes a JPEG and runs the model on it, one after the other, for as long as asked.
 * sharp does the decoding and stretching, as one would write it. Returns frames per second.
 */
export async function bareLoop(jpegs: readonly Uint8Array[], seconds: number): Promise<number> {
  sharp.cache(false);
  sharp.concurrency(1);
  const { file } = await findModel('shapes');
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: Math.max(1, Math.floor(availableParallelism() / 2)),
  });
  const pixels = new Float32Array(3 * size * size);
  const plane = size * size;
  const target = BigInt64Array.of(800n, 450n);
  let frames = 0;
  const started = performance.now();
  while (performance.now() - started < 1_000 * seconds) {
    const jpeg = jpegs[frames % jpegs.length] as Uint8Array;
    const rgb = await sharp(jpeg)
      .resize(size, size, { fit: 'fill', kernel: 'linear' })
      .removeAlpha()
      .raw()
      .toBuffer();
    for (let i = 0, j = 0; i < plane; i++, j += 3) {
      pixels[i] = (rgb[j] as number) / 255;
      pixels[i + plane] = (rgb[j + 1] as number) / 255;
      pixels[i + 2 * plane] = (rgb[j + 2] as number) / 255;
    }
    await session.run({
      images: new Tensor('float32', pixels, [1, 3, size, size]),
      orig_target_sizes: new Tensor('int64', target, [1, 2]),
    });
    frames++;
  }
  return frames / ((performance.now() - started) / 1_000);
}
