import type { Size } from './export-style.js';
import { createStretchKernel } from './stretch-kernel.js';
import { bandRows, one, planStretch, type StretchPlan } from './stretch-plan.js';

/**
 * Stretches interleaved RGB bytes into planes of floats 0 to 1, bilinear, with pixel centres at half coordinates and
 * without antialias: what OpenCV's INTER_LINEAR and torch's `interpolate(mode='bilinear', align_corners=False)` do.
 * Weights sideways are rounded to 1/16384, which moves a value by 4e-5 at most. Each input row is stretched sideways,
 * output rows are mixed from two of those, band by band, in WebAssembly: its memory holds one band and never shrinks.
 */
export class Stretch {
  readonly #to: Size;
  readonly #kernel = createStretchKernel();
  #plan: StretchPlan | undefined;

  /** Output size in pixels. */
  constructor(width: number, height: number) {
    this.#to = { width, height };
  }

  /** `rgb`: 3 × width × height bytes. `pixels`: 3 planes of the output size. */
  into(pixels: Float32Array, rgb: Uint8Array, width: number, height: number): void {
    const plan = this.#planFor(width, height);
    for (let top = 0; top < this.#to.height; top += bandRows) this.#band(plan, pixels, rgb, top);
  }

  #planFor(width: number, height: number): StretchPlan {
    if (this.#plan?.from.width !== width || this.#plan.from.height !== height) {
      this.#plan = planStretch(this.#kernel, { width, height }, this.#to);
    }
    return this.#plan;
  }

  #band(plan: StretchPlan, pixels: Float32Array, rgb: Uint8Array, top: number): void {
    const { rows, columns, input, stretched, stretchedBytes, output, planeBytes } = plan;
    const { memory, across, down } = this.#kernel;
    const { width, height } = this.#to;
    const bottom = Math.min(height, top + bandRows);
    const first = rows.before[top] as number;
    const end = (rows.after[bottom - 1] as number) + 1;
    const rowBytes = 3 * plan.from.width;
    new Uint8Array(memory.buffer).set(rgb.subarray(first * rowBytes, end * rowBytes), input);
    across(input, end - first, rowBytes, columns, width, stretched);
    for (let y = top; y < bottom; y++) {
      const upper = stretched + ((rows.before[y] as number) - first) * stretchedBytes;
      const lower = stretched + ((rows.after[y] as number) - first) * stretchedBytes;
      const share = (rows.weight[y] as number) / (255 * one);
      const rest = 1 / (255 * one) - share;
      down(upper, lower, rest, share, width, output + 4 * width * (y - top), planeBytes);
    }
    const floats = new Float32Array(memory.buffer);
    for (let channel = 0; channel < 3; channel++) {
      const from = (output + channel * planeBytes) / 4;
      const to = (channel * height + top) * width;
      pixels.set(floats.subarray(from, from + (bottom - top) * width), to);
    }
  }
}
