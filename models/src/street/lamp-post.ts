import type { Random } from '../clip/random.js';
import { type Look, size } from './actor.js';
import { grey } from './palette.js';
import type { Sketch } from './sketch.js';

/** A lamp post; it shines at night. */
export function makeLampPost(random: Random, night: boolean): Look {
  const height = random.between(4.5, 7.5);
  const reach = random.between(0.4, 1.8);
  const metal = grey(random, 40, 140);
  const draw = (sketch: Sketch) => {
    sketch.bone([0, 0, 0], [0, 0, height], 0.09, 0.05, metal);
    sketch.bone([0, 0, 0], [0, 0, 1], 0.13, 0.11, metal);
    sketch.bone([0, 0, height], [reach, 0, height + 0.15], 0.05, 0.04, metal);
    sketch.bone(
      [reach - 0.2, 0, height + 0.12],
      [reach + 0.3, 0, height + 0.12],
      0.09,
      0.09,
      night ? [255, 235, 180] : [190, 190, 185],
      { lit: night },
    );
    if (night) {
      const glow = { alpha: 0.65, glow: true, lit: true, ghost: true } as const;
      sketch.ball([reach, 0, height], 1.3, [255, 225, 160], glow);
    }
    return sketch.parts();
  };
  return { draw, ...size(0.3, 0.3, height) };
}
