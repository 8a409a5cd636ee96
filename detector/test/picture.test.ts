import { readFile } from 'node:fs/promises';
import sharp, { type JpegOptions } from 'sharp';
import t from 'tap';
import { PictureDecoder, UndecodableFrameError } from '../src/picture.js';
import { Stretch } from '../src/stretch.js';
import { shrunk } from '../src/turbo-jpeg.js';
import { fixture } from './fixtures.js';

const size = { width: 640, height: 480 };

async function jpegOf(options: JpegOptions = {}): Promise<Buffer> {
  return sharp(fixture('picture.png'))
    .resize(size.width, size.height, { fit: 'fill' })
    .jpeg(options)
    .toBuffer();
}

async function decode(jpeg: Uint8Array, width: number, height: number, aside = false) {
  const pixels = new Float32Array(3 * width * height);
  const frame = { jpeg, frameIndex: 1, capturedAt: 0, ...size };
  await new PictureDecoder({ width, height }, aside).decodeInto(pixels, frame);
  return pixels;
}

/** The largest difference of two pictures, in levels of 255. */
function difference(some: Float32Array, others: Float32Array): number {
  return 255 * some.reduce((most, v, i) => Math.max(most, Math.abs(v - (others[i] as number))), 0);
}

t.test('the library of the system decodes', { skip: process.platform !== 'linux' }, async (t) => {
  t.equal(PictureDecoder.library, 'libjpeg-turbo');
});

for (const aside of [false, true]) {
  t.test(`JPEGs give what sharp gives${aside ? ', several at once' : ''}`, async (t) => {
    const kinds: JpegOptions[] = [
      {},
      { chromaSubsampling: '4:4:4' },
      { progressive: true },
      { quality: 30 },
    ];
    await Promise.all(
      kinds.map(async (options) => {
        const jpeg = await jpegOf(options);
        const expected = new Float32Array(3 * 600 * 400);
        const rgb = await sharp(jpeg).raw().toBuffer();
        new Stretch(600, 400).into(expected, rgb, size.width, size.height);
        t.ok(difference(await decode(jpeg, 600, 400, aside), expected) <= 1, options);
      }),
    );
  });
}

t.test('a grey JPEG gives three equal planes', async (t) => {
  const jpeg = await sharp(await jpegOf())
    .grayscale()
    .jpeg()
    .toBuffer();
  const pixels = await decode(jpeg, 320, 240);
  t.equal(difference(pixels.subarray(0, 320 * 240), pixels.subarray(2 * 320 * 240)), 0);
});

t.test('a JPEG of four colours, and a PNG, are decoded too', async (t) => {
  const cmyk = await sharp(await jpegOf())
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
  t.ok((await decode(cmyk, 64, 64)).some((value) => value > 0.1));
  const png = await readFile(fixture('picture.png'));
  t.ok((await decode(png, 64, 64)).some((value) => value > 0.1));
});

t.test('a JPEG much larger than the input is averaged, not skipped through', async (t) => {
  const jpeg = await jpegOf({ quality: 95 });
  const small = await sharp(jpeg)
    .resize(150, 110, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const expected = new Float32Array(3 * 150 * 110);
  new Stretch(150, 110).into(expected, small, 150, 110);
  const pixels = await decode(jpeg, 150, 110);
  const mean = pixels.reduce((sum, v, i) => sum + Math.abs(v - (expected[i] as number)), 0);
  t.ok((255 * mean) / pixels.length < 3, `${(255 * mean) / pixels.length} levels on average`);
});

t.test('a picture is decoded at the least of its sizes that is no smaller than asked for', (t) => {
  const of = (width: number, height: number, to: [number, number]) => {
    const found = shrunk({ width, height }, { width: to[0], height: to[1] });
    return [found.width, found.height];
  };
  t.same(of(1280, 720, [640, 640]), [1280, 720]);
  t.same(of(1280, 720, [384, 224]), [640, 360]);
  t.same(of(801, 451, [256, 160]), [401, 226]);
  t.same(of(4000, 2000, [256, 160]), [500, 250]);
  t.same(of(100, 100, [640, 640]), [100, 100]);
  t.end();
});

t.test('a JPEG that is cut short, damaged or none is refused', async (t) => {
  const jpeg = await jpegOf();
  const damaged = Buffer.from(jpeg);
  damaged.fill(0xff, jpeg.length / 2, jpeg.length / 2 + 40);
  for (const bytes of [jpeg.subarray(0, jpeg.length / 2), Buffer.from('none'), Buffer.alloc(0)]) {
    await t.rejects(decode(bytes, 64, 64), UndecodableFrameError);
  }
  await decode(damaged, 64, 64).catch((error: unknown) => t.type(error, UndecodableFrameError));
});
