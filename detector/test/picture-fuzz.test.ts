import { fuzzCases, runCases } from '@framebus/test';
import sharp from 'sharp';
import t from 'tap';
import { PictureDecoder, UndecodableFrameError } from '../src/picture.js';

const cases = fuzzCases(60);
const size = { width: 96, height: 64 };
const kinds = await Promise.all(
  [{}, { progressive: true }, { chromaSubsampling: '4:4:4' }, { optimiseScans: true }].map(
    (options) =>
      sharp({
        create: {
          ...{ width: 160, height: 120, channels: 3, background: '#888' },
          noise: { type: 'gaussian', mean: 128, sigma: 40 },
        },
      })
        .jpeg(options)
        .toBuffer(),
  ),
);

/** The JPEG with another size in its frame header. */
function claiming(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  const at = copy.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(copy[i + 1] ?? 0));
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}

t.test(`${cases} broken and hostile JPEGs are decoded or refused`, async (t) => {
  const decoders = [false, true].map((aside) => new PictureDecoder(size, aside));
  const pixels = new Float32Array(3 * size.width * size.height);
  let decoded = 0;
  const grown = await runCases(cases, async (fuzz) => {
    const kind = fuzz.pick(kinds);
    const claims = [1, 8, 160, 4_000, 10_000, 65_535];
    const whole = fuzz.below(4) === 0 ? claiming(kind, fuzz.pick(claims), fuzz.pick(claims)) : kind;
    const jpeg = fuzz.below(10) === 0 ? fuzz.bytes(fuzz.below(3_000)) : fuzz.spoilt(whole);
    // The headers of the message may lie too.
    const told = [1, 160, 65_535, 2 ** 40];
    const frame = {
      ...{ jpeg, frameIndex: 1, capturedAt: 1 },
      ...{ width: fuzz.pick(told), height: fuzz.pick(told) },
    };
    try {
      await fuzz.pick(decoders).decodeInto(pixels, frame);
      decoded += 1;
    } catch (error) {
      if (!(error instanceof UndecodableFrameError)) throw error;
    }
  });
  t.ok(decoded < cases, `${decoded} decoded`);
  // A picture of 40 megapixels leaves its buffer behind, for the next one.
  t.ok(grown < 192 * 1024 * 1024, `memory grew by ${grown} bytes`);
});

t.test('40 megapixels are decoded, one more row is refused', async (t) => {
  const pixels = new Float32Array(3 * size.width * size.height);
  const decoder = new PictureDecoder(size);
  for (const [height, good] of [
    [5_000, true],
    [5_001, false],
  ] as const) {
    const width = 8_000;
    const jpeg = await sharp({ create: { width, height, channels: 3, background: '#777' } })
      .jpeg({ quality: 20 })
      .toBuffer();
    t.ok(jpeg.length < 1024 * 1024, 'fits into a message');
    const decoding = decoder.decodeInto(pixels, {
      jpeg,
      frameIndex: 1,
      capturedAt: 1,
      width,
      height,
    });
    if (good) await t.resolves(decoding);
    else await t.rejects(decoding, UndecodableFrameError);
  }
});
