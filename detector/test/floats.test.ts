import { Tensor } from 'onnxruntime-node';
import t from 'tap';
import { floatsOf, fromHalves, toHalves } from '../src/floats.js';

const bits = (...values: number[]) => [...toHalves(Float32Array.from(values))];

t.test('halves are those of IEEE 754', async (t) => {
  t.same(bits(0, -0, 1, -2, 65_504), [0, 0x8000, 0x3c00, 0xc000, 0x7bff]);
  t.same(bits(2 ** -14, 2 ** -24, 2 ** -25, 2 ** -26), [0x400, 1, 0, 0], 'down to the smallest');
  t.same(bits(65_519, 65_520, 1e9, -Infinity), [0x7bff, 0x7c00, 0x7c00, 0xfc00], 'up to infinity');
  t.same(bits(Number.NaN), [0x7e00]);
});

t.test('a number between two halves goes to the nearer one, or to the even one', async (t) => {
  const step = 2 ** -10;
  t.same(bits(1 + 0.5 * step, 1 + 1.5 * step), [0x3c00, 0x3c02]);
  t.same(bits(1 + 0.5001 * step, 1 + 1.4999 * step), [0x3c01, 0x3c01]);
  t.same(bits(2 - step / 4), [0x4000], 'up into the next exponent');
  t.same(bits(1.5 * 2 ** -24, 2.5 * 2 ** -24), [2, 2], 'subnormal ones too');
});

t.test('every half comes back as it was', async (t) => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const back = toHalves(fromHalves(halves));
  const changed = halves.filter((half) => (half & 0x7fff) <= 0x7c00 && back[half] !== half);
  t.same([...changed], []);
  t.ok(Number.isNaN(fromHalves(Uint16Array.of(0x7e00))[0]));
});

t.test('a tensor of anything else is refused', async (t) => {
  t.throws(() => floatsOf(new Tensor('int32', Int32Array.of(1), [1])), /int32 holds no floats/);
});
