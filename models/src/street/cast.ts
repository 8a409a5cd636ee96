import type { Random } from '../clip/random.js';
import type { Actor, Look } from './actor.js';
import { makeBicycle } from './bicycle.js';
import { makeBus } from './bus.js';
import { makeCar } from './car.js';
import { makeDog } from './dog.js';
import { LABELS, type Label } from './labels.js';
import { chance, pick } from './palette.js';
import { makePerson } from './person.js';
import { findSpot, path, type Stage } from './spot.js';
import { makeTruck } from './truck.js';

// How often each is tried; those that need a lane find a place less often.
const WEIGHTS: readonly Label[] = [
  ...Array<Label>(8).fill('person'),
  ...Array<Label>(6).fill('car'),
  ...Array<Label>(6).fill('bus'),
  ...Array<Label>(6).fill('truck'),
  ...Array<Label>(5).fill('bicycle'),
  ...Array<Label>(5).fill('dog'),
];
const ATTEMPTS = 40;

/** Objects where a street has them: in lanes, on pavements, some crossing. */
export function makeCast(random: Random, stage: Stage): Actor[] {
  const actors: Actor[] = [];
  const taken: { s: number; d: number; radius: number }[] = [];
  const wanted = random.whole(3, 13);
  for (let attempt = 0; attempt < ATTEMPTS && actors.length < wanted; attempt++) {
    const label = pick(random, WEIGHTS);
    const isRidden = label === 'bicycle' && chance(random, 0.55);
    const spot = findSpot(random, stage, label, isRidden);
    if (!spot) continue;
    const look = makeLook(random, label, stage.isNight);
    const radius = Math.max(look.length * 0.55, 0.35);
    if (
      taken.some(
        (other) =>
          Math.hypot(
            (other.s - spot.s) / (radius + other.radius),
            (other.d - spot.d) / (1.1 + Math.min(radius, 1)),
          ) < 1,
      )
    )
      continue;
    taken.push({ s: spot.s, d: spot.d, radius });
    const pose = path(spot, stage.seconds);
    actors.push({ classId: LABELS.indexOf(label), look, pose });
    if (isRidden) actors.push({ classId: 0, look: makePerson(random, 'ride'), pose });
    if (label === 'person' && chance(random, 0.25)) {
      const second = {
        ...spot,
        d: spot.d + random.between(-0.9, 0.9),
        s: spot.s + random.between(-0.7, 0.7),
      };
      actors.push({
        classId: 0,
        look: makePerson(random, spot.speed === 0 ? 'stand' : 'walk'),
        pose: path(second, stage.seconds),
      });
    }
  }
  return actors.map((actor) => gaited(random, actor));
}

/** A person's limbs follow from how it moves. */
function gaited(random: Random, actor: Actor): Actor {
  if (actor.look !== WALKER) return actor;
  const isMoving = actor.pose(1).gone !== actor.pose(0).gone;
  return { ...actor, look: makePerson(random, isMoving ? 'walk' : 'stand') };
}

const WALKER: Look = { draw: () => [], length: 0.5, width: 0.6, height: 1.75 };

function makeLook(random: Random, label: Label, isNight: boolean): Look {
  switch (label) {
    case 'person':
      return WALKER;
    case 'car':
      return makeCar(random, isNight);
    case 'bus':
      return makeBus(random, isNight);
    case 'truck':
      return makeTruck(random, isNight);
    case 'bicycle':
      return makeBicycle(random);
    case 'dog':
      return makeDog(random);
  }
}
