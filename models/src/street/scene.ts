import { Random } from '../clip/random.js';
import type { Actor } from './actor.js';
import { Camera, type CameraOptions } from './camera.js';
import { makeCast } from './cast.js';
import { makeFurniture } from './furniture.js';
import { makeLampPost } from './lamp-post.js';
import { type Light, makeLight } from './light.js';
import { chance } from './palette.js';
import { makeStreet, type Street } from './street.js';
import { makeTree } from './tree.js';

/** A street with what stands and moves in it. */
export interface Scene {
  readonly seed: number;
  readonly camera: CameraOptions;
  readonly street: Street;
  readonly light: Light;
  readonly actors: readonly Actor[];
  /** Where lamps hang, along and across the street in metres. */
  readonly lampsAt: readonly (readonly [number, number])[];
}

/** The scene of a seed. @param seconds that it lasts, 0 for a still */
export function makeScene(seed: number, width: number, height: number, seconds = 0): Scene {
  const random = new Random(seed);
  const street = makeStreet(random);
  const light = makeLight(random);
  const camera = makeCamera(random, street, width, height);
  const stage = { camera: new Camera(camera), street, isNight: light.isNight, seconds };
  const { posts, lampsAt } = makePosts(random, street, light.isNight);
  return { seed, camera, street, light, lampsAt, actors: [...posts, ...makeCast(random, stage)] };
}

function makeCamera(random: Random, street: Street, width: number, height: number): CameraOptions {
  const kind = random.between(0, 1);
  const turn = random.between(0, 1) < 0.5 ? -1 : 1;
  const isAlong = kind < 0.35;
  const yaw =
    turn *
    (isAlong
      ? random.between(0, 0.4)
      : kind < 0.7
        ? random.between(0.4, 1.1)
        : random.between(1.1, 1.57));
  const eyeUp = random.between(1.5, 3) * (chance(random, 0.4) ? random.between(1, 2.3) : 1);
  const side = isAlong
    ? random.between(0, 1) * (street.road + street.pavement - 0.5)
    : street.road + random.between(1.5, 9);
  const lower = Math.min((eyeUp - 1.5) * 0.05, 0.22);
  return {
    width,
    height,
    focal: width * random.between(0.7, 1.3),
    horizon: height * (random.between(0.38, 0.52) - lower),
    eye: [0, -turn * side, eyeUp],
    yaw,
  };
}

function makePosts(random: Random, street: Street, isNight: boolean) {
  const posts: Actor[] = [];
  const lampsAt: [number, number][] = [];
  const stand = (look: Actor['look'], s: number, d: number, heading: number) =>
    posts.push({ look, pose: () => ({ s, d, heading, gone: 0 }) });
  for (const side of [-1, 1]) {
    const kerb = side * (street.road + 0.5);
    const lampEvery = random.between(14, 30);
    for (let s = -50 + random.between(0, lampEvery); s < 90; s += lampEvery) {
      stand(makeLampPost(random, isNight), s, kerb, (-side * Math.PI) / 2);
      lampsAt.push([s, kerb]);
    }
    const treeEvery = random.between(6, 40);
    const isInside = chance(random, 0.5);
    for (
      let s = -50 + random.between(0, treeEvery);
      s < 90;
      s += treeEvery * random.between(0.7, 1.3)
    ) {
      stand(
        makeTree(random),
        s,
        isInside ? kerb + side * 0.3 : side * (street.road + street.pavement + 0.5),
        0,
      );
    }
    for (let i = random.whole(2, 7); i > 0; i--) {
      const d = side * (street.road + (chance(random, 0.5) ? 0.5 : street.pavement - 0.5));
      stand(
        makeFurniture(random),
        random.between(-25, 40),
        d,
        chance(random, 0.7) ? 0 : random.between(0, 6.28),
      );
    }
  }
  return { posts, lampsAt };
}
