import type { Colour } from '../clip/picture.js';
import type { Random } from '../clip/random.js';
import { chance, grey, hsv, wall } from './palette.js';

/** A house front beside the street; metres. */
export interface House {
  readonly side: -1 | 1;
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly wall: Colour;
  readonly trim: Colour;
  readonly shop: Colour | undefined;
  readonly floor: number; // height of one
  readonly pane: number; // width of a window
  readonly gap: number; // between windows
  readonly roof: Colour | undefined;
  readonly seed: number;
}

/** A straight street: its middle is at 0, its right is positive; metres. */
export interface Street {
  /** Half the width of the road. */
  readonly road: number;
  /** Width of each pavement. */
  readonly pavement: number;
  /** Middles of the lanes, to the right of the street's middle. */
  readonly lanes: readonly number[];
  /** 1 where traffic keeps to the right. */
  readonly hand: 1 | -1;
  readonly houses: readonly House[];
  /** From the middle to the house fronts. */
  readonly front: number;
  readonly asphalt: Colour;
  readonly paving: Colour;
  readonly verge: Colour;
  readonly crossing: number | undefined;
}

export const STREET_REACH = 110;

export function makeStreet(random: Random): Street {
  const isWide = chance(random, 0.4);
  const road = isWide ? random.between(6.2, 7.4) : random.between(3.3, 4.4);
  const pavement = random.between(2, 4.5);
  const front = road + pavement + (chance(random, 0.4) ? random.between(1, 9) : 0);
  return {
    road,
    pavement,
    lanes: isWide
      ? [-road * 0.75, -road * 0.27, road * 0.27, road * 0.75]
      : [-road * 0.5, road * 0.5],
    hand: chance(random, 0.7) ? 1 : -1,
    houses: [...makeHouses(random, -1), ...makeHouses(random, 1)],
    front,
    asphalt: grey(random, 60, 120),
    paving: chance(random, 0.3)
      ? hsv(random.between(10, 40), 0.2, random.between(0.45, 0.7))
      : grey(random, 110, 190),
    verge: chance(random, 0.6)
      ? hsv(random.between(75, 110), random.between(0.3, 0.6), random.between(0.3, 0.55))
      : grey(random, 90, 160),
    crossing: chance(random, 0.3) ? random.between(-5, 30) : undefined,
  };
}

function makeHouses(random: Random, side: -1 | 1): House[] {
  const houses: House[] = [];
  const gaps = random.between(0.02, 0.4);
  for (let from = -STREET_REACH; from < STREET_REACH; ) {
    const to = from + random.between(6, 22);
    if (!chance(random, gaps)) houses.push(makeHouse(random, side, from, to));
    from = to + (chance(random, gaps) ? random.between(1, 8) : 0);
  }
  return houses;
}

function makeHouse(random: Random, side: -1 | 1, from: number, to: number): House {
  const floor = random.between(2.8, 3.6);
  return {
    side,
    from,
    to,
    floor,
    height: floor * random.whole(1, 6) + random.between(0.3, 1.2),
    wall: wall(random),
    trim: chance(random, 0.5) ? [225, 222, 215] : wall(random),
    shop: chance(random, 0.4)
      ? hsv(random.between(0, 360), random.between(0.3, 0.9), random.between(0.3, 0.9))
      : undefined,
    pane: random.between(0.8, 2.2),
    gap: random.between(0.6, 2),
    roof: chance(random, 0.5)
      ? hsv(random.between(0, 30), random.between(0.1, 0.6), random.between(0.2, 0.5))
      : undefined,
    seed: random.whole(0, 2 ** 30),
  };
}
