import type { Random } from '../clip/random.js';
import type { Camera } from './camera.js';
import type { Label } from './labels.js';
import { chance } from './palette.js';
import type { Pose } from './sketch.js';
import type { Street } from './street.js';

/** Nearest and farthest, in metres. */
const DEPTHS: Record<Label, readonly [number, number]> = {
  person: [4.5, 38],
  car: [6.5, 55],
  bus: [11, 60],
  truck: [9, 60],
  bicycle: [4.5, 30],
  dog: [3.5, 20],
};
/** What the cast is placed in. */
export interface Stage {
  readonly camera: Camera;
  readonly street: Street;
  readonly isNight: boolean;
  /** Seconds that the scene lasts; what moves is at its place at half of them. */
  readonly seconds: number;
}

export interface Spot {
  readonly s: number;
  readonly d: number;
  readonly heading: number;
  /** Metres a second. */
  readonly speed: number;
}

/** A straight way through a spot, which is reached at half the scene's time. */
export function path(spot: Spot, seconds: number): (time: number) => Pose {
  const { heading, speed } = spot;
  return (time) => {
    const gone = speed * (time - seconds / 2);
    return {
      s: spot.s + gone * Math.cos(heading),
      d: spot.d + gone * Math.sin(heading),
      heading,
      gone: gone + 100,
    };
  };
}

/** A place of the street where a label belongs and the camera sees it, if one is soon found. */
export function findSpot(
  random: Random,
  { camera, street }: Stage,
  label: Label,
  isRidden: boolean,
): Spot | undefined {
  const { width, height } = camera.options;
  const [near, far] = DEPTHS[label];
  for (let attempt = 0; attempt < 60; attempt++) {
    const depth = near * (far / near) ** random.between(0, 1);
    const [s, d] = camera.ground(random.between(-0.03, 1.03) * width, depth);
    const foot = camera.project([s, d, 0])[1];
    if (foot > height * 1.08) continue;
    const isVehicle = label === 'car' || label === 'bus' || label === 'truck';
    const spot = isVehicle
      ? inLane(random, street, s, d)
      : isRidden
        ? riding(random, street, s, d)
        : afoot(random, street, s, d, label);
    // Snapped to its lane, it may have come too near.
    if (spot && camera.depth([spot.s, spot.d, 0]) > near * 0.9) return spot;
  }
  return undefined;
}

function inLane(random: Random, street: Street, s: number, d: number): Spot | undefined {
  const lane = street.lanes.find((middle) => Math.abs(middle - d) < 1.4);
  const kerb = street.road - 1.1;
  if (lane === undefined) return undefined;
  if (street.lanes.length > 2 && Math.abs(lane) > street.road / 2 && chance(random, 0.5)) {
    return { s, d: Math.sign(lane) * kerb, heading: chance(random, 0.5) ? 0 : Math.PI, speed: 0 };
  }
  if (chance(random, 0.06))
    return { s, d, heading: random.between(0, 6.28), speed: random.between(0, 2) };
  const heading = lane * street.hand > 0 ? 0 : Math.PI;
  const speed = chance(random, 0.25) ? 0 : random.between(2, 11);
  return {
    s,
    d: lane + random.between(-0.25, 0.25),
    heading: heading + random.between(-0.04, 0.04),
    speed,
  };
}

function riding(random: Random, street: Street, s: number, d: number): Spot | undefined {
  if (Math.abs(d) > street.road + street.pavement - 0.5) return undefined;
  const heading = d * street.hand > 0 ? 0 : Math.PI;
  const turn = chance(random, 0.2) ? random.between(0, 6.28) : random.between(-0.15, 0.15);
  return { s, d, heading: heading + turn, speed: random.between(1.5, 6) };
}

function afoot(
  random: Random,
  street: Street,
  s: number,
  d: number,
  label: Label,
): Spot | undefined {
  const off = Math.abs(d);
  if (off > street.road + street.pavement - 0.4) return undefined;
  const isOnRoad = off < street.road + 0.3;
  if (isOnRoad && !chance(random, 0.25)) return undefined;
  const isStill = label === 'bicycle' || (!isOnRoad && chance(random, 0.35));
  const along = chance(random, 0.5) ? 0 : Math.PI;
  const across = chance(random, 0.5) ? Math.PI / 2 : -Math.PI / 2;
  const heading = isOnRoad && label !== 'bicycle' ? across : along;
  const turn = isStill ? random.between(-3.14, 3.14) : random.between(-0.3, 0.3);
  return { s, d, heading: heading + turn, speed: isStill ? 0 : random.between(0.7, 1.7) };
}
