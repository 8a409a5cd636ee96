import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';
import { hsv, mixed, pick } from './palette.js';

/** The light of a scene. */
export interface Light {
  readonly isNight: boolean;
  /** What light reaches everything, for each channel, 1 by clear day. */
  readonly ambient: Colour;
  readonly skyTop: Colour;
  readonly skyLow: Colour;
  readonly fog: Colour;
  /** Share of a thing's colour lost to fog each metre. */
  readonly fogPerMetre: number;
  /** How dark shadows on the ground are, 0 to 1. */
  readonly shadow: number;
  /** Where a metre of height casts its shadow, along and across the street in metres. */
  readonly cast: readonly [number, number];
}

/** Day, overcast, dusk, night or fog. */
export function makeLight(random: Random): Light {
  const kind = pick(random, [
    'sun',
    'sun',
    'cloud',
    'cloud',
    'dusk',
    'night',
    'night',
    'fog',
  ] as const);
  const cast = [random.between(-1.2, 1.2), random.between(-0.9, 0.9)] as const;
  const clear = { isNight: false, cast, fogPerMetre: random.between(0.0005, 0.003) };
  const level = random.between(0.8, 1.1);
  switch (kind) {
    case 'sun':
      return {
        ...clear,
        ambient: [level * 1.05, level, level * 0.93],
        skyTop: hsv(random.between(200, 220), random.between(0.3, 0.7), random.between(0.7, 0.95)),
        skyLow: hsv(205, random.between(0.05, 0.25), random.between(0.85, 1)),
        fog: [205, 215, 225],
        shadow: random.between(0.35, 0.6),
      };
    case 'dusk':
      return {
        ...clear,
        ambient: [random.between(0.6, 0.8), random.between(0.45, 0.6), random.between(0.45, 0.62)],
        skyTop: hsv(random.between(215, 260), 0.5, random.between(0.3, 0.5)),
        skyLow: hsv(random.between(10, 35), random.between(0.4, 0.7), random.between(0.7, 0.95)),
        fog: [150, 115, 105],
        shadow: 0.25,
      };
    case 'night': {
      const dark = random.between(0.26, 0.45);
      return {
        ...clear,
        isNight: true,
        ambient: [dark * 0.9, dark * 0.95, dark * 1.1],
        skyTop: hsv(225, 0.5, random.between(0.03, 0.12)),
        skyLow: hsv(random.between(200, 250), 0.4, random.between(0.08, 0.25)),
        fog: [30, 32, 42],
        shadow: 0.2,
      };
    }
    default: {
      const grey = random.between(150, 220);
      const fog: Colour = [grey, grey + 3, grey + 7];
      const isFog = kind === 'fog';
      return {
        ...clear,
        ambient: [level * 0.85, level * 0.87, level * 0.9],
        skyTop: mixed(fog, [120, 130, 145], isFog ? 0.1 : 0.6),
        skyLow: fog,
        fog,
        fogPerMetre: isFog ? random.between(0.012, 0.035) : clear.fogPerMetre,
        shadow: 0.15,
      };
    }
  }
}
