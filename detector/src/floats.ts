import { Tensor } from 'onnxruntime-node';

/** Types of tensor that hold floats, as onnxruntime names them. */
export const floatTypes = ['float32', 'float16'] as const;

/** A tensor of that type; the same memory where it is float32. */
export function floatTensor(
  type: string,
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
): Tensor {
  if (type === 'float16') return new Tensor('float16', toHalves(values), shape);
  return new Tensor('float32', values, shape);
}

/** What a tensor of floats holds; the same memory where it is float32. */
export function floatsOf({ type, data }: Tensor): Float32Array {
  if (type === 'float32') return data as Float32Array;
  // Where JavaScript has Float16Array, onnxruntime gives one.
  if (type === 'float16' && !(data instanceof Uint16Array)) {
    return Float32Array.from(data as unknown as ArrayLike<number>);
  }
  if (type === 'float16') return fromHalves(data as Uint16Array);
  throw new TypeError(`a tensor of ${type} holds no floats`);
}

/** Rounds to IEEE 754 binary16, nearest and to even; what is too large becomes infinite. */
export function toHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = toHalf(bits[i] as number);
  return halves;
}

function toHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fff_ffff;
  if (size > 0x7f80_0000) return sign | 0x7e00;
  // 65520 and above round to more than the largest half.
  if (size >= 0x477f_f000) return sign | 0x7c00;
  // Normal halves: the exponent's bias goes from 127 to 15, 13 bits of the fraction go.
  if (size >= 0x3880_0000) return sign | roundedShift(size - 0x3800_0000, 13);
  // Below half of the smallest one.
  if (size < 0x3300_0000) return sign;
  // Subnormal halves: the leading one is written out, then shifted to units of 2 ** -24.
  return sign | roundedShift((size & 0x7f_ffff) | 0x80_0000, 126 - (size >>> 23));
}

function roundedShift(value: number, places: number): number {
  const whole = value >>> places;
  const rest = value & ((1 << places) - 1);
  const half = 1 << (places - 1);
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}

/** Reads IEEE 754 binary16, exactly. */
export function fromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
