import t from 'tap';
import { Stretch } from '../src/stretch.js';

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

for (const [w, h] of [
  [20, 9],
  [5, 31],
  [16, 16],
  [1, 1],
] as const) {
  t.test(`${w} x ${h} is stretched to 16 x 16 as the definition says`, async (t) => {
    const rgb = noise(w, h);
    const pixels = new Float32Array(3 * 16 * 16);
    const stretch = new Stretch(16, 16);
    stretch.into(pixels, noise(7, 7), 7, 7);
    stretch.into(pixels, rgb, w, h);
    const expected = reference(rgb, w, h, 16, 16);
    const worst = Math.max(...pixels.map((value, i) => Math.abs(value - (expected[i] as number))));
    t.ok(worst < 1e-6, `worst difference ${worst}`);
  });
}
