import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, cloth, hsv, pick, scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';

/** A dog of random size, build and coat. */
export function makeDog(random: Random): Look {
  const size = random.between(0.6, 1.25);
  const legs = random.between(0.7, 1.15);
  const stout = random.between(0.8, 1.3);
  const coat = pick(random, [
    hsv(random.between(20, 35), random.between(0.3, 0.75), random.between(0.25, 0.85)),
    hsv(30, 0.1, random.between(0.06, 0.25)),
    hsv(40, random.between(0.02, 0.2), random.between(0.7, 0.97)),
    hsv(30, 0.05, random.between(0.3, 0.6)),
  ]);
  const second = chance(random, 0.5)
    ? pick(random, [hsv(35, 0.1, 0.95), scaled(coat, 0.45)])
    : coat;
  const snout = random.between(0.1, 0.22);
  const hasFloppyEars = chance(random, 0.5);
  const tail = random.between(-0.2, 0.9);
  const headUp = random.between(-0.15, 0.2);
  const collar = chance(random, 0.4) ? cloth(random) : undefined;
  const phase = random.between(0, 6.3);
  const pace = random.between(0.35, 0.6);
  const k = (value: number) => value * size;

  const draw = (sketch: Sketch) => {
    const turn = phase + (sketch.pose.gone * 5) / size;
    const wag = Math.sin(turn * 1.3) * 0.12;
    const back = 0.2 + 0.32 * legs;
    for (const end of [-1, 1]) {
      for (const side of [-1, 1]) {
        const a = pace * Math.sin(turn + (end * side > 0 ? 0 : Math.PI));
        const w = k(side * 0.085 * stout);
        const l = k(end * 0.27);
        const knee: Local = [l + k(0.16 * Math.sin(a) - (end < 0 ? 0.05 : 0)), w, k(back * 0.5)];
        const foot: Local = [l + k(0.3 * Math.sin(a)), w, k(0.035)];
        const tone = scaled(coat, side > 0 ? 0.92 : 0.8);
        sketch.bone([l, w, k(back - 0.04)], knee, k(0.085 * stout), k(0.05), tone);
        sketch.bone(knee, foot, k(0.045), k(0.036), end > 0 ? scaled(second, 0.9) : tone);
        sketch.bone(foot, [foot[0] + k(0.05), w, k(0.03)], k(0.036), k(0.03), scaled(second, 0.85));
      }
    }
    const r = k(0.13 * stout);
    sketch.blob(
      [
        [k(-0.28), 0, k(back)],
        [k(0.05), 0, k(back - 0.02)],
        [k(0.28), 0, k(back)],
      ],
      [r * 0.92, r, r * 1.08],
      coat,
      { low: scaled(second, 0.85), bias: 0.04 },
    );
    if (second !== coat) sketch.ball([k(0.05), 0, k(back + 0.02)], r * 0.7, second, { bias: 0.16 });
    const neck: Local = [k(0.42), 0, k(back + 0.22 + headUp)];
    sketch.bone([k(0.28), 0, k(back + 0.04)], neck, r * 0.85, k(0.085), coat);
    if (collar)
      sketch.bone(
        [k(0.35), k(-0.05), k(back + 0.12 + headUp * 0.6)],
        [k(0.37), k(0.05), k(back + 0.12 + headUp * 0.6)],
        k(0.06),
        k(0.06),
        collar,
        { bias: 0.1 },
      );
    const head: Local = [k(0.46), 0, k(back + 0.25 + headUp)];
    sketch.ball(head, k(0.115), coat, { bias: 0.05 });
    const nose: Local = [head[0] + k(0.08 + snout), 0, head[2] - k(0.05)];
    sketch.bone([head[0] + k(0.05), 0, head[2] - k(0.03)], nose, k(0.07), k(0.045), second, {
      bias: 0.07,
    });
    sketch.ball([nose[0] + k(0.03), 0, nose[2] + k(0.015)], k(0.024), [25, 22, 22], { bias: 0.09 });
    for (const side of [-1, 1]) {
      sketch.ball([head[0] + k(0.09), k(side * 0.06), head[2] + k(0.03)], k(0.016), [20, 18, 18], {
        bias: 0.02,
      });
      const root: Local = [head[0] - k(0.02), k(side * 0.08), head[2] + k(0.08)];
      const tip: Local = hasFloppyEars
        ? [root[0] - k(0.04), k(side * 0.13), root[2] - k(0.16)]
        : [root[0] - k(0.02), k(side * 0.1), root[2] + k(0.11)];
      sketch.bone(root, tip, k(0.045), k(hasFloppyEars ? 0.04 : 0.012), scaled(coat, 0.75), {
        bias: 0.06,
      });
    }
    const up = k(0.3) * Math.sin(tail);
    sketch.bone(
      [k(-0.34), 0, k(back + 0.05)],
      [k(-0.4 - 0.26 * Math.cos(tail)), k(wag), k(back + 0.06) + up],
      k(0.04),
      k(0.022),
      scaled(coat, 0.9),
    );
    return sketch.parts();
  };
  return { draw, length: k(1), width: k(0.3), height: k(0.8) };
}
