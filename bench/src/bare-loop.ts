import { findModel } from '@framebus/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

export interface Bare {
  /** Frames per second of decode, resize, tensor and `session.run`, one after the other. */
  readonly loop: number;
  /** Runs per second of `session.run` alone, again and again on one tensor. */
  readonly run: number;
}

/** The peer: one process with sharp and onnxruntime-node, as one would write it, for `seconds` of each kind. */
export async function bare(
  model: string,
  threads: number,
  jpegs: readonly Uint8Array[],
  seconds: number,
): Promise<Bare> {
  sharp.cache(false);
  sharp.concurrency(1);
  const { file, size } = await findModel(model);
  const [width, height] = size;
  const session = await InferenceSession.create(file, { intraOpNumThreads: threads });
  const plane = width * height;
  const pixels = new Float32Array(3 * plane);
  const target = new Tensor('int64', BigInt64Array.of(800n, 450n), [1, 2]);
  const run = () =>
    session.run({
      images: new Tensor('float32', pixels, [1, 3, height, width]),
      orig_target_sizes: target,
    });
  const perSecond = async (work: (frame: number) => Promise<unknown>) => {
    let frames = 0;
    const started = performance.now();
    while (performance.now() - started < 1_000 * seconds) await work(frames++);
    return frames / ((performance.now() - started) / 1_000);
  };
  const loop = await perSecond(async (frame) => {
    const rgb = await sharp(jpegs[frame % jpegs.length])
      .resize(width, height, { fit: 'fill', kernel: 'linear' })
      .removeAlpha()
      .raw()
      .toBuffer();
    for (let i = 0, j = 0; i < plane; i++, j += 3) {
      pixels[i] = (rgb[j] as number) / 255;
      pixels[i + plane] = (rgb[j + 1] as number) / 255;
      pixels[i + 2 * plane] = (rgb[j + 2] as number) / 255;
    }
    await run();
  });
  return { loop, run: await perSecond(run) };
}
