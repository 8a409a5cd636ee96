import sharp from 'sharp';
import type { Picture } from '../clip/picture.js';
import { Random } from '../clip/random.js';
import { chance } from './palette.js';

/** What a weak camera and a hard compression do to a picture; some pictures are left as they are. */
export async function damaged({ rgb, width, height }: Picture, seed: number): Promise<Picture> {
  const random = new Random(seed ^ 0x5eed);
  if (!chance(random, 0.4)) return { rgb, width, height };
  const raw = { width, height, channels: 3 } as const;
  let picture = sharp(rgb, { raw });
  if (chance(random, 0.4)) picture = picture.blur(random.between(0.4, 1.6));
  if (chance(random, 0.5)) {
    const gain = random.between(0.65, 1.3);
    const lift = random.between(-30, 30);
    const tint = () => gain * random.between(0.9, 1.1);
    picture = picture.linear([tint(), tint(), tint()], [lift, lift, lift]);
  }
  if (chance(random, 0.3)) picture = picture.gamma(random.between(1, 1.8), random.between(1, 1.8));
  let bytes: Uint8Array = await picture.raw().toBuffer();
  if (chance(random, 0.6)) bytes = withNoise(bytes, random, random.between(2, 14));
  if (!chance(random, 0.7)) return { rgb: bytes, width, height };
  const scale = random.between(0.45, 1);
  const jpeg = await sharp(bytes, { raw })
    .resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill' })
    .jpeg({ quality: random.whole(30, 80) })
    .toBuffer();
  const back = sharp(jpeg).resize(width, height, { fit: 'fill' }).removeAlpha();
  return { rgb: await back.raw().toBuffer(), width, height };
}

/** Adds noise of a deviation in levels, near enough to Gaussian. */
export function withNoise(rgb: Uint8Array, random: Random, deviation: number): Buffer {
  const noise = Float32Array.from({ length: 8191 }, () => {
    const sum = random.between(-1, 1) + random.between(-1, 1) + random.between(-1, 1);
    return sum * deviation;
  });
  const noisy = Buffer.alloc(rgb.length);
  let at = random.whole(0, 8190);
  for (let i = 0; i < rgb.length; i++) {
    // A step that changes with the place hides that the noise comes round again.
    at = (at + 1 + ((i >> 9) & 3)) % 8191;
    noisy[i] = Math.min(Math.max(rgb[i]! + noise[at]!, 0), 255);
  }
  return noisy;
}
