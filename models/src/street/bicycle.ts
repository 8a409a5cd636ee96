import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, grey, hsv, scaled } from './palette.js';
import type { Local, Sketch } from './sketch.js';

const BAR = 1.03; // height of the handlebar

/** A bicycle of random colour, frame and fittings. */
export function makeBicycle(random: Random): Look {
  const frame = chance(random, 0.3)
    ? grey(random, 20, 230)
    : hsv(random.between(0, 360), random.between(0.5, 1), random.between(0.3, 0.95));
  const radius = random.between(0.31, 0.36);
  const isStepThrough = chance(random, 0.3);
  const hasBasket = chance(random, 0.25);
  const hasRack = chance(random, 0.4);
  const hasMudguards = chance(random, 0.3);
  const tyre = grey(random, 15, 60);
  const thick = random.between(0.018, 0.028);

  const draw = (sketch: Sketch) => {
    const rear: Local = [-0.52, 0, radius];
    const front: Local = [0.55, 0, radius];
    const crank: Local = [-0.08, 0, 0.29];
    const saddle: Local = [-0.26, 0, 0.9];
    const head: Local = [0.4, 0, 0.85];
    const low: Local = [0.43, 0, 0.68];
    for (const hub of [rear, front]) {
      sketch.hoop(hub, radius, 0.055, tyre);
      sketch.hoop(hub, radius - 0.045, 0.022, [150, 150, 155]);
      const turn = sketch.pose.gone / radius;
      for (let i = 0; i < 4; i++) {
        const [x, y] = [
          Math.cos(turn + i * 0.785) * radius * 0.9,
          Math.sin(turn + i * 0.785) * radius * 0.9,
        ];
        sketch.bone(
          [hub[0] - x, 0, hub[2] - y],
          [hub[0] + x, 0, hub[2] + y],
          0.004,
          0.004,
          [150, 150, 150],
          { alpha: 0.6, bias: -0.05 },
        );
      }
      sketch.ball(hub, 0.035, [90, 90, 90]);
      if (hasMudguards)
        sketch.bone(
          [hub[0] - 0.25, 0, hub[2] + radius * 0.8],
          [hub[0] + 0.1, 0, hub[2] + radius * 1.07],
          0.02,
          0.02,
          scaled(frame, 0.8),
        );
    }
    const tube = (a: Local, b: Local) => sketch.bone(a, b, thick, thick, frame, { bias: 0.04 });
    tube(crank, saddle);
    tube(crank, low);
    tube(isStepThrough ? [-0.15, 0, 0.5] : [-0.22, 0, 0.78], isStepThrough ? low : head);
    tube(rear, crank);
    tube(rear, [-0.22, 0, 0.78]);
    tube(front, head);
    sketch.bone(head, [0.37, 0, BAR], 0.02, 0.02, [60, 60, 60]);
    sketch.bone([0.42, -0.27, BAR], [0.42, 0.27, BAR], 0.022, 0.022, [40, 40, 40], { bias: 0.03 });
    sketch.bone([-0.4, 0, 0.95], [-0.14, 0, 0.96], 0.05, 0.025, [30, 28, 28], { bias: 0.05 });
    const pedal = sketch.pose.gone * 1.1;
    for (const side of [-1, 1]) {
      const foot: Local = [
        crank[0] + side * 0.15 * Math.cos(pedal),
        side * 0.1,
        crank[2] + side * 0.15 * Math.sin(pedal),
      ];
      sketch.bone(crank, foot, 0.015, 0.015, [80, 80, 80], { bias: 0.04 });
      sketch.bone(
        [foot[0] - 0.05, foot[1], foot[2]],
        [foot[0] + 0.05, foot[1], foot[2]],
        0.018,
        0.018,
        [40, 40, 40],
        { bias: 0.05 },
      );
    }
    sketch.ball(crank, 0.075, [70, 70, 72]);
    if (hasRack) sketch.bone([-0.75, 0, 0.76], [-0.3, 0, 0.76], 0.02, 0.02, [50, 50, 50]);
    if (hasBasket)
      sketch.blob(
        [
          [0.5, -0.12, 1],
          [0.72, 0.12, 1],
          [0.54, 0, 0.8],
          [0.68, 0, 0.8],
        ],
        [0.03, 0.03, 0.03, 0.03],
        [140, 110, 70],
      );
    sketch.ball([0.5, 0, 0.93], 0.04, [235, 235, 220]);
    return sketch.parts();
  };
  return { draw, length: 1.75, width: 0.55, height: 1.1 };
}
