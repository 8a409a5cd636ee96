// AssemblyScript: the inner loops of src/stretch.ts, four pixels at a time. `npm run -w detector wasm` compiles it into
// src/stretch-wasm.ts.

/** Picks the bytes of two RGB pixels as pairs of i16: red and red, green and green, blue and blue, nothing. */
const pairs: v128 = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);

/**
 * Stretches rows of RGB bytes sideways, each into three planes of floats. `columns` holds, for each output column, the
 * offset of two input pixels in their row (i32) and their weights (i16 each, 16384 together); the floats are 16384 times
 * the bytes. Offsets, weights and floats are there up to the next multiple of four columns.
 */
export function across(
  rgb: usize,
  rows: i32,
  rowBytes: i32,
  columns: usize,
  width: i32,
  to: usize,
): void {
  const planeBytes: usize = (<usize>(width + 3) & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    let column = columns;
    const end = to + planeBytes;
    for (; to < end; to += 16, column += 32) {
      const a = pixel(rgb, column);
      const b = pixel(rgb, column + 8);
      const c = pixel(rgb, column + 16);
      const d = pixel(rgb, column + 24);
      // Four pixels as three planes.
      const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const abBlue = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cdBlue = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      store(to, v128.shuffle<i64>(ab, cd, 0, 2));
      store(to + planeBytes, v128.shuffle<i64>(ab, cd, 1, 3));
      store(to + 2 * planeBytes, v128.shuffle<i64>(abBlue, cdBlue, 0, 2));
    }
    to += 2 * planeBytes;
    rgb += rowBytes;
  }
}

function pixel(rgb: usize, column: usize): v128 {
  const bytes = v128.load64_zero(rgb + load<u32>(column));
  return i32x4.dot_i16x8_s(i8x16.swizzle(bytes, pairs), v128.load32_splat(column, 4));
}

function store(to: usize, values: v128): void {
  v128.store(to, f32x4.convert_i32x4_s(values));
}

/**
 * Mixes two rows that `across` made into one row of three planes, `planeBytes` apart. Up to three floats beyond a plane's
 * row are written too.
 */
export function down(
  upper: usize,
  lower: usize,
  upperWeight: f32,
  lowerWeight: f32,
  width: i32,
  to: usize,
  planeBytes: usize,
): void {
  const rowBytes: usize = (<usize>(width + 3) & ~3) << 2;
  const a = f32x4.splat(upperWeight);
  const b = f32x4.splat(lowerWeight);
  for (let plane = 0; plane < 3; plane++) {
    let at = to;
    const end = upper + rowBytes;
    for (; upper < end; upper += 16, lower += 16, at += 16) {
      const mixed = f32x4.add(f32x4.mul(v128.load(upper), a), f32x4.mul(v128.load(lower), b));
      v128.store(at, mixed);
    }
    to += planeBytes;
  }
}
