import type { Colour } from './picture.js';
import type { Random } from './random.js';

/** The classes of the clip in class-id order, with the hues (degrees) that its objects take. */
export const CLASSES = [
  { name: 'red object', hues: [-10, 8] },
  { name: 'yellow object', hues: [36, 58] },
  { name: 'green object', hues: [105, 140] },
  { name: 'cyan object', hues: [172, 190] },
  { name: 'blue object', hues: [218, 245] },
  { name: 'magenta object', hues: [293, 318] },
] as const;

/** A strong colour of a class. */
export function vividColour(random: Random, classId: number): Colour {
  const [low, high] = CLASSES[classId]?.hues ?? [0, 360];
  return fromHsv(random.between(low, high), random.between(0.72, 1), random.between(0.65, 0.95));
}

/** A grey or brown of any brightness. */
export function dullColour(random: Random): Colour {
  return fromHsv(random.between(15, 45), random.between(0, 0.14), random.between(0.1, 0.9));
}

/** From hue in degrees, and saturation and value from 0 to 1. */
function fromHsv(hue: number, saturation: number, value: number): Colour {
  const channel = (offset: number) => {
    const sector = (((offset + hue / 60) % 6) + 6) % 6;
    const share = Math.min(Math.max(Math.min(sector, 4 - sector), 0), 1);
    return 255 * value * (1 - saturation * share);
  };
  return [channel(5), channel(3), channel(1)];
}
