/** Where each output sample lies between two input samples of one axis. */
interface Axis {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** Weight of `after`, 0 to 1. */
  readonly weight: Float32Array;
}

/**
 * Stretches interleaved RGB bytes into planes of floats 0 to 1, bilinear, with pixel centres at half coordinates and
 * without antialias: what OpenCV's INTER_LINEAR and torch's `interpolate(mode='bilinear', align_corners=False)` do.
 * Each input row is stretched sideways once; output rows are mixed from two of those.
 */
export class Stretch {
  readonly #width: number;
  readonly #height: number;
  /** Rows of the input that were stretched sideways last, planes one after the other, and their numbers. */
  #upper: Float32Array;
  #lower: Float32Array;
  #upperRow = -1;
  #lowerRow = -1;
  #across: Axis | undefined;
  #acrossFrom = 0;

  /** Output size in pixels. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#upper = new Float32Array(3 * width);
    this.#lower = new Float32Array(3 * width);
  }

  /** `rgb`: 3 × width × height bytes. `pixels`: 3 planes of the output size. */
  into(pixels: Float32Array, rgb: Uint8Array, width: number, height: number): void {
    if (this.#across === undefined || this.#acrossFrom !== width) {
      this.#across = axis(width, this.#width);
      this.#acrossFrom = width;
    }
    const down = axis(height, this.#height);
    this.#upperRow = -1;
    this.#lowerRow = -1;
    for (let y = 0; y < this.#height; y++) {
      this.#load(this.#across, rgb, width, down.before[y] as number, down.after[y] as number);
      this.#mix(pixels, y, down.weight[y] as number);
    }
  }

  #load(across: Axis, rgb: Uint8Array, width: number, before: number, after: number): void {
    if (this.#upperRow !== before) {
      [this.#upper, this.#lower] = [this.#lower, this.#upper];
      [this.#upperRow, this.#lowerRow] = [this.#lowerRow, this.#upperRow];
    }
    if (this.#upperRow !== before) {
      stretchRow(this.#upper, across, rgb, before * width * 3);
      this.#upperRow = before;
    }
    if (this.#lowerRow !== after) {
      stretchRow(this.#lower, across, rgb, after * width * 3);
      this.#lowerRow = after;
    }
  }

  #mix(pixels: Float32Array, y: number, weight: number): void {
    const width = this.#width;
    const upper = this.#upper;
    const lower = this.#lower;
    const plane = width * this.#height;
    for (let channel = 0, from = 0; channel < 3; channel++) {
      let to = channel * plane + y * width;
      for (const end = from + width; from < end; from++, to++) {
        const a = upper[from] as number;
        pixels[to] = a + ((lower[from] as number) - a) * weight;
      }
    }
  }
}

function axis(from: number, to: number): Axis {
  const before = new Int32Array(to);
  const after = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    before[i] = Math.floor(at);
    after[i] = Math.min(Math.floor(at) + 1, from - 1);
    weight[i] = at - Math.floor(at);
  }
  return { before, after, weight };
}

function stretchRow(row: Float32Array, across: Axis, rgb: Uint8Array, start: number): void {
  const { before, after, weight } = across;
  const width = weight.length;
  for (let x = 0; x < width; x++) {
    const a = start + 3 * (before[x] as number);
    const b = start + 3 * (after[x] as number);
    const w = (weight[x] as number) / 255;
    const v = 1 / 255 - w;
    row[x] = (rgb[a] as number) * v + (rgb[b] as number) * w;
    row[x + width] = (rgb[a + 1] as number) * v + (rgb[b + 1] as number) * w;
    row[x + 2 * width] = (rgb[a + 2] as number) * v + (rgb[b + 2] as number) * w;
  }
}
