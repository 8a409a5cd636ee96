import type { Random } from '../clip/random.js';
import type { Look } from './actor.js';
import { chance, cloth, hairColour, pick, scaled, skin } from './palette.js';
import type { Local, Sketch } from './sketch.js';

/** How the limbs are held. */
export type Gait = 'walk' | 'stand' | 'ride';

/** A person of random size, clothes and things carried. */
export function makePerson(random: Random, gait: Gait): Look {
  const isChild = gait !== 'ride' && chance(random, 0.15);
  const size = isChild ? random.between(0.6, 0.8) : random.between(0.88, 1.08);
  const broad = random.between(0.85, 1.25);
  const [flesh, hair, top] = [skin(random), hairColour(random), cloth(random)];
  const trousers = chance(random, 0.6) ? scaled(cloth(random), 0.6) : cloth(random);
  const shoe = scaled(cloth(random), 0.5);
  const hasShortSleeves = chance(random, 0.35);
  const hasShorts = chance(random, 0.2);
  const coat = gait !== 'ride' && chance(random, 0.3) ? random.between(0.15, 0.5) : 0;
  const head = pick(random, ['hair', 'hair', 'long', 'hat', 'bald', 'hood'] as const);
  const carried =
    gait === 'ride'
      ? pick(random, ['none', 'pack'] as const)
      : pick(random, ['none', 'none', 'bag', 'pack', 'shopping'] as const);
  const bagColour = cloth(random);
  const phase = random.between(0, 6.3);
  const stride = random.between(0.35, 0.6);
  const spread = gait === 'stand' ? random.between(0.02, 0.12) : 0;
  const armsUp = gait === 'stand' && chance(random, 0.25);
  const k = (value: number) => value * size;

  const draw = (sketch: Sketch) => {
    const turn = phase + (sketch.pose.gone * 2.2) / size;
    const isRiding = gait === 'ride';
    const hipUp = isRiding ? 0.98 : 0.88;
    const hipAt = isRiding ? -0.2 : 0;
    const lean = isRiding ? 0.28 : gait === 'walk' ? 0.04 : 0;
    const chest: Local = [k(hipAt + lean), 0, k(hipUp + (isRiding ? 0.46 : 0.52))];
    for (const side of [-1, 1]) {
      const swing = side * Math.sin(turn);
      const w = side * 0.1 * broad;
      const hip: Local = [k(hipAt), k(w), k(hipUp)];
      let knee: Local;
      let foot: Local;
      if (isRiding) {
        foot = [
          k(0.02 + 0.15 * Math.cos(turn * 0.5 + (side > 0 ? Math.PI : 0))),
          k(w),
          k(0.32 + 0.15 * Math.sin(turn * 0.5 + (side > 0 ? Math.PI : 0))),
        ];
        knee = [foot[0] * 0.5 + k(0.22), k(w * 1.1), (foot[2] + hip[2]) / 2 + k(0.08)];
      } else {
        const a = gait === 'walk' ? stride * swing : spread * side;
        const bend = gait === 'walk' ? Math.max(0, -Math.cos(turn) * side) * 0.5 : 0;
        knee = [k(0.42 * Math.sin(a)), k(w), k(hipUp - 0.42 * Math.cos(a))];
        foot = [
          knee[0] + k(0.42 * Math.sin(a - bend)),
          k(w),
          Math.max(knee[2] - k(0.42 * Math.cos(a - bend)), k(0.05)),
        ];
      }
      const tone = side > 0 ? 1 : 0.88;
      sketch.bone(hip, knee, k(0.09 * broad), k(0.068 * broad), scaled(trousers, tone));
      sketch.bone(
        knee,
        foot,
        k(0.066 * broad),
        k(0.045),
        scaled(hasShorts ? flesh : trousers, tone),
      );
      sketch.bone(
        [foot[0] - k(0.03), foot[1], foot[2]],
        [foot[0] + k(0.15), foot[1], foot[2] - k(0.015)],
        k(0.045),
        k(0.035),
        shoe,
        { bias: 0.02 },
      );
      const shoulder: Local = [chest[0], k(side * 0.19 * broad), chest[2] + k(0.02)];
      const b = gait === 'walk' ? -stride * 0.8 * swing : spread;
      let elbow: Local = [
        shoulder[0] - k(0.27 * Math.sin(-b)),
        k(side * 0.25 * broad),
        shoulder[2] - k(0.27),
      ];
      let hand: Local = [
        elbow[0] + k(0.25 * Math.sin(b + 0.35)),
        k(side * 0.24 * broad),
        elbow[2] - k(0.24),
      ];
      if (isRiding) {
        elbow = [shoulder[0] + k(0.16), k(side * 0.26), shoulder[2] - k(0.22)];
        hand = [k(0.42), k(side * 0.24), k(1.05)];
      } else if (armsUp && side > 0) {
        hand = [elbow[0] + k(0.16), k(side * 0.12), elbow[2] + k(0.24)];
      }
      sketch.bone(shoulder, elbow, k(0.062 * broad), k(0.05), scaled(top, tone * 0.92));
      sketch.bone(
        elbow,
        hand,
        k(0.047),
        k(0.036),
        scaled(hasShortSleeves ? flesh : top, tone * 0.92),
      );
      sketch.ball(hand, k(0.05), flesh);
      if (carried === 'bag' && side > 0) bag(sketch, hand, k(0.16), bagColour);
      if (carried === 'shopping') bag(sketch, hand, k(0.12), bagColour);
    }
    const r = k(0.1 * broad);
    const shoulders: Local[] = [-1, 1].map((side) => [chest[0], k(side * 0.13 * broad), chest[2]]);
    const hips: Local[] = [-1, 1].map((side) => [
      k(hipAt),
      k(side * 0.07 * broad),
      k(hipUp + 0.02),
    ]);
    sketch.blob([...shoulders, ...hips], [r, r, r * 1.05, r * 1.05], top, {
      low: scaled(top, 0.75),
      bias: 0.03,
    });
    if (coat > 0) {
      const hem: Local[] = [-1, 1].map((side) => [0, k(side * 0.1 * broad), k(hipUp - coat)]);
      sketch.blob([...hips, ...hem], [r, r, r * 1.15, r * 1.15], top, {
        low: scaled(top, 0.7),
        bias: 0.05,
      });
    }
    if (carried === 'pack') {
      sketch.blob(
        [
          [chest[0] - k(0.17), 0, chest[2] - k(0.02)],
          [k(hipAt) - k(0.15), 0, k(hipUp + 0.18)],
        ],
        [k(0.12), k(0.13)],
        bagColour,
        {},
      );
    }
    const neck: Local = [chest[0] + k(0.02), 0, chest[2] + k(0.1)];
    const face: Local = [neck[0] + k(0.03), 0, neck[2] + k(0.17)];
    sketch.bone(neck, face, k(0.055), k(0.055), scaled(flesh, 0.85));
    sketch.blob([face, [face[0] + k(0.015), 0, face[2] - k(0.06)]], [k(0.105), k(0.085)], flesh, {
      bias: 0.03,
    });
    const back: Local = [face[0] - k(0.05), 0, face[2] + k(0.03)];
    if (head === 'long')
      sketch.blob([back, [back[0] - k(0.03), 0, back[2] - k(0.22)]], [k(0.115), k(0.08)], hair);
    if (head === 'hair' || head === 'long')
      sketch.ball([face[0] - k(0.04), 0, face[2] + k(0.045)], k(0.105), hair);
    if (head === 'hood') sketch.ball([face[0] - k(0.045), 0, face[2] + k(0.01)], k(0.135), top);
    if (head === 'hat') {
      sketch.bone(
        [face[0] - k(0.03), 0, face[2] + k(0.07)],
        [face[0] + k(0.01), 0, face[2] + k(0.08)],
        k(0.11),
        k(0.1),
        bagColour,
        { bias: 0.1 },
      );
      sketch.bone(
        [face[0] + k(0.05), 0, face[2] + k(0.07)],
        [face[0] + k(0.16), 0, face[2] + k(0.05)],
        k(0.03),
        k(0.02),
        bagColour,
        { bias: 0.1 },
      );
    }
    return sketch.parts();
  };
  return { draw, length: k(0.5), width: k(0.6), height: k(1.75) };
}

function bag(
  sketch: Sketch,
  hand: Local,
  half: number,
  colour: readonly [number, number, number],
): void {
  const [l, w, h] = hand;
  sketch.blob(
    [
      [l - half * 0.8, w, h - half * 1.2],
      [l + half * 0.8, w, h - half * 1.2],
      [l - half, w, h - half * 2.2],
      [l + half, w, h - half * 2.2],
    ],
    [0.03, 0.03, 0.04, 0.04],
    colour,
    { bias: 0.04 },
  );
}
