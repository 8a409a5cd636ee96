import { type Axis, axis } from './axis.js';
import type { Size } from './export-style.js';
import type { StretchKernel } from './stretch-kernel.js';

/** Output rows that are worked on at once: their input and output stay in the cache of a core. */
export const bandRows = 16;
/** Of `before` and `after` together, in the table of columns. */
export const one = 16_384;

/** For pictures of one size: which rows to mix, and where things lie in the kernel's memory, in bytes. */
export interface StretchPlan {
  readonly from: Size;
  readonly rows: Axis;
  /** For each output column, the offset of its two input pixels (i32) and their weights (i16 each). */
  readonly columns: number;
  /** Input rows of a band, RGB bytes. */
  readonly input: number;
  /** The same rows, stretched sideways: three planes of floats each. */
  readonly stretched: number;
  readonly stretchedBytes: number;
  /** Output of a band: three planes of floats, `planeBytes` apart. */
  readonly output: number;
  readonly planeBytes: number;
}

/** Lays out the kernel's memory, which grows as far as it must, and writes the table of columns. */
export function planStretch({ memory }: StretchKernel, from: Size, to: Size): StretchPlan {
  const rows = axis(from.height, to.height);
  const padded = 4 * Math.ceil(to.width / 4);
  const most = mostInputRows(rows);
  const stretchedBytes = 3 * 4 * padded;
  // The kernel writes up to three floats beyond a plane, and reads up to two bytes beyond the input.
  const planeBytes = 4 * (bandRows * to.width + 4);
  const columns = 0;
  const stretched = columns + 8 * padded;
  const output = stretched + most * stretchedBytes;
  const input = output + 3 * planeBytes;
  const bytes = input + most * 3 * from.width + 8;
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / 65_536);
  if (missing > 0) memory.grow(missing);
  writeColumns(new Int32Array(memory.buffer, columns, 2 * padded), axis(from.width, to.width));
  return { from, rows, columns, input, stretched, stretchedBytes, output, planeBytes };
}

function mostInputRows({ before, after }: Axis): number {
  let most = 0;
  for (let top = 0; top < before.length; top += bandRows) {
    const bottom = Math.min(before.length, top + bandRows) - 1;
    most = Math.max(most, (after[bottom] as number) + 1 - (before[top] as number));
  }
  return most;
}

function writeColumns(table: Int32Array, { before, after, weight }: Axis): void {
  for (let i = 0; 2 * i < table.length; i++) {
    const column = Math.min(i, before.length - 1);
    const pixel = before[column] as number;
    // At the right edge there is no pixel after.
    const share = after[column] === pixel ? 0 : Math.round(one * (weight[column] as number));
    table[2 * i] = 3 * pixel;
    table[2 * i + 1] = (one - share) | (share << 16);
  }
}
