import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { Stretch } from '../src/stretch.js';
import { sourceHash } from '../src/stretch-wasm.js';

/** The definition, straight: bilinear with half-pixel centres, clamped at the edges. */
function reference(rgb: Uint8Array, w: number, h: number, W: number, H: number): Float32Array {
  const pixels = new Float32Array(3 * W * H);
  const at = (x: number, y: number, c: number) =>
    rgb[3 * (Math.min(y, h - 1) * w + Math.min(x, w - 1)) + c] as number;
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < H; y++)
      for (let x = 0; x < W; x++) {
        const u = Math.max(0, ((x + 0.5) * w) / W - 0.5);
        const v = Math.max(0, ((y + 0.5) * h) / H - 0.5);
        const [i, j] = [Math.floor(u), Math.floor(v)];
        const [fx, fy] = [u - i, v - j];
        const top = at(i, j, c) * (1 - fx) + at(i + 1, j, c) * fx;
        const bottom = at(i, j + 1, c) * (1 - fx) + at(i + 1, j + 1, c) * fx;
        pixels[c * W * H + y * W + x] = (top * (1 - fy) + bottom * fy) / 255;
      }
  return pixels;
}

function noise(width: number, height: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: 3 * width * height }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 256;
  });
}

const sizes = [
  [20, 9, 16, 16],
  [5, 31, 16, 16],
  [16, 16, 16, 16],
  [1, 1, 16, 16],
  [40, 23, 17, 35],
  [3, 90, 1, 3],
  [64, 200, 33, 41],
  [2, 2, 50, 51],
] as const;

for (const [w, h, W, H] of sizes) {
  t.test(`${w} x ${h} is stretched to ${W} x ${H} as the definition says`, async (t) => {
    const rgb = noise(w, h);
    // Whatever lies around the picture's floats stays.
    const floats = new Float32Array(3 * W * H + 16).fill(-1);
    const pixels = floats.subarray(8, -8);
    const stretch = new Stretch(W, H);
    stretch.into(pixels, noise(7, 7), 7, 7);
    stretch.into(pixels, rgb, w, h);
    const expected = reference(rgb, w, h, W, H);
    const worst = Math.max(...pixels.map((value, i) => Math.abs(value - (expected[i] as number))));
    t.ok(worst < 4e-5, `worst difference ${worst}`);
    t.same([...floats.subarray(0, 8), ...floats.subarray(-8)], Array(16).fill(-1));
  });
}

t.test('a picture of the size that is wanted comes out as it is', async (t) => {
  const rgb = noise(32, 24);
  const pixels = new Float32Array(3 * 32 * 24);
  new Stretch(32, 24).into(pixels, rgb, 32, 24);
  const worst = Math.max(
    ...pixels.map((value, i) => {
      const [channel, pixel] = [Math.floor(i / (32 * 24)), i % (32 * 24)];
      return Math.abs(value - (rgb[3 * pixel + channel] as number) / 255);
    }),
  );
  t.ok(worst < 1e-7, `worst difference ${worst}`);
});

t.test('the compiled loops are those of the source', async (t) => {
  const source = await readFile(repositoryFile('detector/wasm/stretch.ts'));
  const hash = createHash('sha256').update(source).digest('hex');
  t.equal(hash, sourceHash, 'else: npm run -w @framebus/detector wasm');
});
