import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, grey, paint, pick, scaled } from './palette.js';
import type { Sketch } from './sketch.js';
import { across, box, extrude, onEnd, onSide, type Profile } from './solid.js';
import { lamps } from './vehicle-lamps.js';
import { tyres, underside, wheels } from './wheels.js';

/** A truck: a cab, and behind it a box, a tank, a skip or an open bed. */
export function makeTruck(random: Random, night: boolean): Look {
  const kind = pick(random, ['box', 'box', 'box', 'tank', 'bed', 'tipper'] as const);
  const front = random.between(3, 4.9);
  const half = random.between(1.05, 1.25);
  const cabLength = random.between(1.6, 2.1);
  const cabTop = random.between(2.3, 3);
  const colour = paint(random);
  const cargo = chance(random, 0.55) ? grey(random, 190, 245) : paint(random);
  const stripe = chance(random, 0.5) ? paint(random) : undefined;
  const cargoTop =
    kind === 'box' ? cabTop + random.between(0.1, 0.9) : cabTop - random.between(0, 0.4);
  const deck = random.between(0.95, 1.15);
  const glass = grey(random, 20, 70);
  const lit = night && chance(random, 0.8);
  const radius = random.between(0.42, 0.5);
  const rearAxle = -front + random.between(0.9, 1.4);
  const axles = [front - 1, rearAxle, ...(front > 3.9 ? [rearAxle + radius * 2.15] : [])];
  const cabRear = front - cabLength;
  const bay = cabRear - 0.2;
  const rim = grey(random, 90, 190);

  const drawCab = (sketch: Sketch) => {
    const shape: Profile = [
      [cabRear, 0.5],
      [cabRear, cabTop],
      [front - 0.35, cabTop],
      [front, 1.5],
      [front + 0.04, 0.45],
    ];
    extrude(sketch, shape, half * 0.97, colour);
    for (const side of [-1, 1]) {
      const at = side * (half * 0.97 + 0.01);
      onSide(
        sketch,
        at,
        [
          [cabRear + 0.5, 1.5],
          [cabRear + 0.5, cabTop - 0.25],
          [front - 0.42, cabTop - 0.25],
          [front - 0.14, 1.5],
        ],
        glass,
      );
      onSide(
        sketch,
        at,
        box(cabRear + 0.42, cabRear + 0.46, 0.6, cabTop - 0.2),
        scaled(colour, 0.6),
      );
      sketch.bone(
        [front - 0.1, side * (half + 0.14), 1.9],
        [front - 0.1, side * (half + 0.14), 1.5],
        0.1,
        0.1,
        [25, 25, 26],
      );
    }
    const at = (up: number) => front - (0.35 * (up - 1.5)) / (cabTop - 1.5) + 0.015;
    sketch.face(
      across(at(1.55), 1.55, half * 0.88, at(cabTop - 0.22), cabTop - 0.22, half * 0.86),
      glass,
      { low: scaled(glass, 1.5) },
      [1, 0, 0.3],
    );
    onEnd(sketch, front + 0.05, 1, [-half * 0.6, half * 0.6, 0.85, 1.35], scaled(glass, 0.6));
    onEnd(sketch, front + 0.05, 1, [-half * 0.95, half * 0.95, 0.45, 0.75], scaled(colour, 0.45));
    onEnd(sketch, front + 0.06, 1, [-0.26, 0.26, 0.5, 0.62], [225, 225, 215]);
  };
  const drawCargo = (sketch: Sketch) => {
    extrude(sketch, box(-front, bay + 0.15, 0.7, deck), half * 0.8, [35, 35, 38]);
    if (kind === 'tank') {
      const round: [number, number][] = Array.from({ length: 12 }, (_, i) => [
        0,
        (2 * Math.PI * i) / 12,
      ]);
      const r = (cargoTop - deck) / 2;
      const joints = [-front, bay].flatMap((end) =>
        round.map(
          ([, angle]) =>
            [end, Math.cos(angle) * half * 0.95, deck + r + Math.sin(angle) * r] as const,
        ),
      );
      sketch.blob(
        joints,
        joints.map(() => 0),
        cargo,
        { low: scaled(cargo, 0.5) },
      );
      const rear = round.map(
        ([, angle]) =>
          [-front - 0.01, Math.cos(angle) * half * 0.95, deck + r + Math.sin(angle) * r] as const,
      );
      sketch.face(rear, scaled(cargo, 0.8), {}, [-1, 0, 0]);
      return;
    }
    const top = kind === 'bed' ? deck + 0.5 : kind === 'tipper' ? cargoTop - 0.5 : cargoTop;
    extrude(sketch, box(-front, bay, deck, top), half, cargo);
    for (const side of [-1, 1]) {
      const at = side * (half + 0.01);
      if (stripe)
        onSide(
          sketch,
          at,
          box(-front + 0.3, bay - 0.3, deck + (top - deck) * 0.35, deck + (top - deck) * 0.65),
          stripe,
        );
      onSide(sketch, at, box(-front, bay, deck, deck + 0.08), scaled(cargo, 0.5));
      if (kind !== 'box')
        for (let l = -front + 0.5; l < bay; l += 0.9)
          onSide(sketch, at, box(l, l + 0.1, deck, top), scaled(cargo, 0.65));
      onSide(sketch, at * 0.98, box(rearAxle + radius * 3.4, bay - 0.4, 0.45, 0.75), [60, 60, 64]);
    }
    onEnd(sketch, -front - 0.01, -1, [-0.02, 0.02, deck, top], scaled(cargo, 0.4));
    onEnd(sketch, -front - 0.01, -1, [-half, half, deck, deck + 0.1], scaled(cargo, 0.45));
    if (kind === 'bed' || kind === 'tipper')
      extrude(sketch, box(-front + 0.3, bay - 0.2, top, top + 0.25), half * 0.8, [120, 100, 80]);
  };
  const draw = (sketch: Sketch) => {
    tyres(sketch, axles, radius, half);
    underside(sketch, -front + 0.3, front - 0.2, half * 0.8, 0.75);
    const cabIsFar =
      sketch.camera.depth(sketch.at([front, 0, 0])) >
      sketch.camera.depth(sketch.at([-front, 0, 0]));
    for (const part of cabIsFar ? [drawCab, drawCargo] : [drawCargo, drawCab]) part(sketch);
    wheels(sketch, axles, radius, half, rim);
    onEnd(sketch, -front - 0.02, -1, [-half * 0.9, half * 0.9, 0.55, 0.75], [70, 70, 72]);
    lamps(sketch, {
      rear: -front - 0.03,
      front: front + 0.06,
      halfWidth: half,
      up: 0.8,
      size: 0.18,
      lit,
    });
    return sketch.parts(true);
  };
  return { draw, length: front * 2, width: half * 2, height: Math.max(cabTop, cargoTop) };
}
