import { COUNTER_HEIGHT } from './counter.js';
import { HEIGHT, WIDTH } from './picture.js';
import type { Random } from './random.js';
import type { Pose } from './shape.js';

const TURN = 2 * Math.PI;

/** A smooth closed path for something that fits a circle of the radius, in pixels. */
export function makePath(random: Random, radius: number): (phase: number) => Pose {
  return random.between(0, 1) < 0.5 ? crossing(random, radius) : roaming(random, radius);
}

/** In at one side and out at the other, up and down a little on the way. */
function crossing(random: Random, radius: number): (phase: number) => Pose {
  const way = WIDTH + 2 * radius + 60;
  const swing = random.between(0, 40);
  const y = random.between(radius * 0.3, HEIGHT - COUNTER_HEIGHT - radius - swing - 8);
  const crossings = random.whole(1, 2) * (random.between(0, 1) < 0.5 ? -1 : 1);
  const start = random.between(0, 1);
  const waves = random.whole(1, 3);
  const wobble = makeWobble(random);
  return (phase) => {
    const travelled = crossings * phase + start;
    return {
      x: (travelled - Math.floor(travelled)) * way - radius - 30,
      y: y + swing * Math.sin(TURN * (waves * phase + start)),
      angle: wobble(phase),
    };
  };
}

/** Round and round in a loop that may leave the picture at the sides and the top. */
function roaming(random: Random, radius: number): (phase: number) => Pose {
  const width = random.between(60, 320);
  const height = random.between(20, 140);
  const x = random.between(0, WIDTH);
  const y = random.between(-20, HEIGHT - COUNTER_HEIGHT - radius - height - 8);
  const start = random.between(0, 1);
  const wobble = makeWobble(random);
  return (phase) => ({
    x: x + width * Math.sin(TURN * (phase + start)),
    y: y + height * Math.sin(TURN * (2 * phase + start)),
    angle: wobble(phase),
  });
}

function makeWobble(random: Random): (phase: number) => number {
  const middle = random.between(-0.15, 0.15);
  const swing = random.between(0, 0.15);
  const start = random.between(0, 1);
  return (phase) => middle + swing * Math.sin(TURN * (phase + start));
}
