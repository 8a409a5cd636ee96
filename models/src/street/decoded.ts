import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Box } from '../clip/box.js';
import { readGroundTruth } from '../clip/truth.js';
import { type StillTruth, writeStillTruth } from './stills.js';

/** What to make. */
export interface DecodedOptions {
  /** Folder of a clip.mp4 and its clip.json. */
  readonly clip: string;
  /** Folder that gets images/ and truth.json. */
  readonly out: string;
  /** Every how many frames one is taken. */
  readonly every: number;
  readonly width: number;
  readonly height: number;
}

/** Stills from a clip, as they are after H.264, and the truth about them in pixels of their size. */
export async function decodeStills(options: DecodedOptions): Promise<void> {
  const { clip, out, every, width, height } = options;
  const truth = await readGroundTruth(join(clip, 'clip.json'));
  await mkdir(join(out, 'images'), { recursive: true });
  const filter = `select=not(mod(n\\,${every})),scale=${width}:${height}:flags=area`;
  const output = ['-vf', filter, '-fps_mode', 'passthrough', '-q:v', '2', '-start_number', '0'];
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-i', join(clip, 'clip.mp4')],
    ...output,
    join(out, 'images', '%06d.jpg'),
  ]);
  const [across, down] = [width / truth.width, height / truth.height];
  const scaled = ([x1, y1, x2, y2]: Box): Box => [x1 * across, y1 * down, x2 * across, y2 * down];
  const images = truth.frames
    .filter((_, number) => number % every === 0)
    .map(
      (objects, i): StillTruth => ({
        file: `${String(i).padStart(6, '0')}.jpg`,
        objects: objects.map((object) => ({ ...object, bbox: scaled(object.bbox) })),
      }),
    );
  await writeStillTruth(options, images);
}
