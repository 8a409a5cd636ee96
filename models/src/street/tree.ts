import type { Random } from '../clip/random.js';
import { type Look, size } from './actor.js';
import { hsv, pick, scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';

/** A tree, a bare tree or a bush. */
export function makeTree(random: Random): Look {
  const kind = pick(random, ['round', 'round', 'tall', 'bare', 'bush'] as const);
  const height = kind === 'bush' ? random.between(0.6, 1.4) : random.between(3.5, 8);
  const leaf = hsv(random.between(45, 130), random.between(0.3, 0.75), random.between(0.2, 0.55));
  const bark = hsv(30, random.between(0.1, 0.4), random.between(0.2, 0.4));
  const trunk = kind === 'bush' ? 0 : random.between(0.35, 0.5) * height;
  const blobs = Array.from({ length: 9 }, () => {
    const spread = kind === 'tall' ? 0.1 : 0.24;
    const at: Local = [
      random.between(-1, 1) * spread * height,
      random.between(-1, 1) * spread * height,
      trunk + random.between(0.1, 0.95) * (height - trunk),
    ];
    return { at, radius: height * random.between(0.1, 0.19), tone: random.between(0.8, 1.2) };
  });
  const twigs = Array.from(
    { length: 12 },
    () =>
      [
        random.between(-0.3, 0.3) * height,
        random.between(-0.3, 0.3) * height,
        random.between(0.6, 1) * height,
      ] as const,
  );
  const draw = (sketch: Sketch) => {
    if (kind !== 'bush')
      sketch.bone(
        [0, 0, 0],
        [0, 0, Math.max(trunk, height * 0.5)],
        0.03 * height,
        0.018 * height,
        bark,
      );
    if (kind === 'bare')
      for (const twig of twigs) sketch.bone([0, 0, trunk * rootOf(twig)], twig, 0.05, 0.012, bark);
    else
      for (const { at, radius, tone } of blobs)
        sketch.ball(at, radius, scaled(leaf, tone), { low: scaled(leaf, tone * 0.7) });
    return sketch.parts();
  };
  return { draw, ...size(0.6, 0.6, height) };
}

/** Share of the trunk's height at which a twig begins. */
function rootOf(twig: readonly number[]): number {
  return 0.6 + 0.4 * Math.abs(Math.sin(twig[0]! * 7));
}
