import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { MAX_FRAMES } from '../clip/counter.js';
import { type Encoding, encode } from '../clip/encode.js';
import type { Picture } from '../clip/picture.js';
import { formatGroundTruth, type TrueObject } from '../clip/truth.js';
import { frameCount, type MovingOptions, renderMoving } from './moving.js';

/** What to make. */
export interface StreetClipOptions extends MovingOptions {
  /** Folder that gets NAME.mp4 and NAME.json. */
  readonly out: string;
  readonly name: string;
  readonly rate: Encoding['rate'];
  /** Whether frames/000000.png and so on are written too, as they were before the encoder. */
  readonly keepFrames: boolean;
  /** Is given each picture, in order, before the encoder is; the next one waits for it. */
  readonly onPicture?: (picture: Picture) => Promise<void>;
}

/** Encodes moving street scenes, and writes the truth about them. @throws RangeError for too many frames */
export async function makeStreetClip(options: StreetClipOptions): Promise<void> {
  const count = frameCount(options);
  if (!(count > 0 && count <= MAX_FRAMES)) {
    throw new RangeError(`${count} frames are not from 1 to ${MAX_FRAMES}`);
  }
  const { out, name, width, height, fps } = options;
  await mkdir(options.keepFrames ? join(out, 'frames') : out, { recursive: true });
  const frames: (readonly TrueObject[])[] = [];
  await encode(join(out, `${name}.mp4`), pictures(options, frames), options);
  const truth = { width, height, fps, frames };
  await writeFile(join(out, `${name}.json`), formatGroundTruth(truth));
}

async function* pictures(
  options: StreetClipOptions,
  truth: (readonly TrueObject[])[],
): AsyncGenerator<Picture> {
  for await (const { picture, objects } of renderMoving(options)) {
    if (options.keepFrames) await keep(options.out, truth.length, picture);
    await options.onPicture?.(picture);
    truth.push(objects);
    yield picture;
  }
}

async function keep(out: string, number: number, { rgb, width, height }: Picture): Promise<void> {
  const file = join(out, 'frames', `${String(number).padStart(6, '0')}.png`);
  const raw = { width, height, channels: 3 } as const;
  await sharp(rgb, { raw }).png({ compressionLevel: 1 }).toFile(file);
}
