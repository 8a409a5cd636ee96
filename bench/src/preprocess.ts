import { PictureDecoder } from '@framebus/detector/dist/src/picture.js';
import { Stretch } from '@framebus/detector/dist/src/stretch.js';
import { mjpegScale } from '@framebus/ingest/dist/src/jpeg-quality.js';
import { demoPictures } from '@framebus/test/feed';
import sharp from 'sharp';
import { loadJpegTurbo } from './jpeg-turbo.js';
import type { Row } from './row.js';
import { quantile } from './statistics.js';

const rounds = 200;
const warmUps = 20;
const quality = 80;
const most = 1.15;

const cases = [
  [1280, 720, 640, 640],
  [1280, 720, 384, 224],
  [800, 450, 640, 640],
  [800, 450, 384, 224],
] as const;

/**
 * A JPEG to the model's floats, over other ways to resized bytes, taking turns. `libjpeg-turbo` is called without
 * allocation and with its fast, less exact DCT; sharp decodes exactly.
 */
export async function preprocess(): Promise<Row[]> {
  const turbo = await loadJpegTurbo();
  const rows: Row[] = [];
  for (const [width, height, toWidth, toHeight] of cases) {
    const size = { width, height };
    const jpegs = await demoPictures(20, { ...size, scale: mjpegScale(quality) });
    const rgb = Buffer.alloc(3 * width * height);
    const pixels = new Float32Array(3 * toWidth * toHeight);
    const pictures = new PictureDecoder({ width: toWidth, height: toHeight });
    const stretch = new Stretch(toWidth, toHeight);
    const decode = (jpeg: Buffer) => turbo.decompressSync(jpeg, rgb, { format: turbo.FORMAT_RGB });
    const times = await takeTurns(jpegs, {
      ours: (jpeg) => pictures.decodeInto(pixels, { jpeg, ...size, frameIndex: 1, capturedAt: 0 }),
      bareDecode: decode,
      bare: (jpeg) => {
        decode(jpeg);
        return sharp(rgb, { raw: { ...size, channels: 3 } })
          .resize(toWidth, toHeight, { fit: 'fill', kernel: 'linear' })
          .raw()
          .toBuffer();
      },
      bareWithOurStretch: (jpeg) => {
        decode(jpeg);
        stretch.into(pixels, rgb, width, height);
      },
      sharp: (jpeg) =>
        sharp(jpeg).resize(toWidth, toHeight, { fit: 'fill', kernel: 'linear' }).raw().toBuffer(),
    });
    rows.push(row(times, `${width} × ${height}`, `${toWidth} × ${toHeight}`, rows.length === 0));
  }
  return rows;
}

type Times = Record<'ours' | 'bare' | 'bareDecode' | 'bareWithOurStretch' | 'sharp', number>;

function row(times: Times, from: string, to: string, first: boolean): Row {
  const over = (ms: number) => `${(times.ours / ms).toFixed(2)} ×`;
  const [peer, words] = first
    ? [times.bare, 'libjpeg-turbo called directly and libvips’ linear resize to bytes']
    : [times.sharp, 'one call of sharp that decodes and resizes to bytes'];
  const others = [
    first
      ? `${over(times.sharp)} one call of sharp`
      : `${over(times.bare)} libjpeg-turbo and libvips`,
    `${over(times.bareWithOurStretch)} libjpeg-turbo (${times.bareDecode.toFixed(1)} ms) and our own stretch`,
  ];
  return {
    what: `decode, resize and tensor of one JPEG, ${from}, quality ${quality}, to ${to}, over ${words}`,
    measured: `${over(peer)} (medians of ${rounds} rounds; ${times.ours.toFixed(1)} over ${peer.toFixed(1)} ms); ${others.join('; ')}`,
    bar: `≤ ${most} ×`,
    reached: times.ours / peer <= most,
  };
}

/** Median ms of each kind of work; each round does all of them on one picture, each time another one first. */
async function takeTurns<Kind extends string>(
  jpegs: readonly Buffer[],
  works: Record<Kind, (jpeg: Buffer) => unknown>,
): Promise<Record<Kind, number>> {
  const kinds = Object.keys(works) as Kind[];
  const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = -warmUps; round < rounds; round++) {
    const jpeg = jpegs[(round + warmUps) % jpegs.length] as Buffer;
    for (let turn = 0; turn < kinds.length; turn++) {
      const kind = kinds[(turn + round + warmUps) % kinds.length] as Kind;
      const started = performance.now();
      await works[kind](jpeg);
      if (round >= 0) times.get(kind)?.push(performance.now() - started);
    }
  }
  const medians = kinds.map((kind) => [kind, quantile(times.get(kind) ?? [], 0.5)]);
  return Object.fromEntries(medians) as Record<Kind, number>;
}
