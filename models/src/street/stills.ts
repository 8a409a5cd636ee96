import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import type { TrueObject } from '../clip/truth.js';
import { damaged } from './damage.js';
import { LABELS } from './labels.js';
import { renderStill } from './render.js';

/** What to make. */
export interface StillsOptions {
  /** Folder that gets images/ and truth.json. */
  readonly out: string;
  readonly count: number;
  /** Of the first picture; each next one's is one higher. */
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly damage: 'none' | 'mixed';
  readonly format: 'jpg' | 'png';
  readonly workers: number;
}

/** One picture in truth.json. */
export interface StillTruth {
  readonly file: string;
  readonly objects: readonly TrueObject[];
}

/** Renders independent scenes, in as many threads as asked for, and writes the truth about them. */
export async function makeStills(options: StillsOptions): Promise<void> {
  await mkdir(join(options.out, 'images'), { recursive: true });
  const workers = Array.from({ length: options.workers }, (_, share) => inThread(options, share));
  const images = (await Promise.all(workers)).flat();
  images.sort((a, b) => (a.file < b.file ? -1 : 1));
  await writeStillTruth(options, images);
}

/** Writes truth.json, one line a picture. */
export async function writeStillTruth(
  { out, width, height }: Pick<StillsOptions, 'out' | 'width' | 'height'>,
  images: readonly StillTruth[],
): Promise<void> {
  const head = JSON.stringify({ width, height, labels: LABELS }).slice(0, -1);
  const lines = images.map((image) => JSON.stringify(image)).join(',\n');
  await writeFile(join(out, 'truth.json'), `${head},"images":[\n${lines}\n]}\n`);
}

/** Renders every picture of one thread's share. */
export async function renderShare(options: StillsOptions, share: number): Promise<StillTruth[]> {
  const images: StillTruth[] = [];
  for (let i = share; i < options.count; i += options.workers)
    images.push(await writeStill(options, i));
  return images;
}

async function writeStill(options: StillsOptions, index: number): Promise<StillTruth> {
  const { width, height, seed, damage, format, out } = options;
  const { picture, objects } = await renderStill(seed + index, width, height);
  const { rgb } = damage === 'mixed' ? await damaged(picture, seed + index) : picture;
  const file = `${String(index).padStart(6, '0')}.${format}`;
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  const encoded =
    format === 'png' ? image.png() : image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  await encoded.toFile(join(out, 'images', file));
  return { file, objects };
}

function inThread(options: StillsOptions, share: number): Promise<StillTruth[]> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { options, share },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
