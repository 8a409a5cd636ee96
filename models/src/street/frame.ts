import type { Colour } from '../clip/picture.js';
import type { Actor } from './actor.js';
import { Camera, type Vec } from './camera.js';
import { groundParts } from './ground.js';
import { houseThings } from './houses.js';
import { mixed } from './palette.js';
import type { Part, Thing } from './part.js';
import { hull } from './polygon.js';
import type { Scene } from './scene.js';
import { Sketch } from './sketch.js';

/** A picture to draw: first the ground, then things from back to front. */
export interface Frame {
  readonly ground: readonly Part[];
  readonly houses: readonly Thing[];
  readonly things: readonly Thing[];
}

const POOL_RADIUS = 7; // metres
const MIN_DEPTH = 1.2; // metres; what is nearer fills the picture

/** What a scene shows at a time in seconds. @param shift of the camera, in pixels */
export function makeFrame(
  scene: Scene,
  time: number,
  shift: readonly [number, number] = [0, 0],
): Frame {
  const options = {
    ...scene.camera,
    horizon: scene.camera.horizon + shift[1],
    yaw: scene.camera.yaw + shift[0] / scene.camera.focal,
  };
  const camera = new Camera(options);
  const shadows: Part[] = [];
  const things: Thing[] = [];
  for (const actor of scene.actors) {
    const sketch = new Sketch(camera, actor.pose(time));
    const { s, d } = sketch.pose;
    const depth = camera.depth([s, d, 0]);
    if (depth < MIN_DEPTH) continue;
    // A tree right before the camera would hide the street.
    if (actor.classId === undefined && depth < 3 + actor.look.height / 2) continue;
    const parts = actor.look.draw(sketch);
    if (!isInPicture(parts, camera)) continue;
    // A rider sits on the bicycle of the same place, which comes first.
    things.push({
      ...(actor.classId !== undefined && { classId: actor.classId }),
      parts,
      depth,
      light: lightAt(scene, s, d),
    });
    shadows.push(...shadowOf(camera, scene, actor, sketch));
  }
  things.sort((a, b) => b.depth - a.depth);
  const ground = [
    ...groundParts(camera, scene.street, scene.seed),
    ...poolsOf(camera, scene),
    ...shadows,
  ];
  return { ground, houses: houseThings(camera, scene.street, scene.light), things };
}

function isInPicture(parts: readonly Part[], { options }: Camera): boolean {
  return parts.some(({ points }) => {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]!);
      right = Math.max(right, points[i]!);
      top = Math.min(top, points[i + 1]!);
      bottom = Math.max(bottom, points[i + 1]!);
    }
    return left < options.width && right > 0 && top < options.height && bottom > 0;
  });
}

/** At night, what stands near a lamp is brighter. */
function lightAt({ light, lampsAt }: Scene, s: number, d: number): Colour {
  if (!light.isNight) return light.ambient;
  const near = lampsAt.reduce(
    (sum, [ls, ld]) => sum + 1 / (1 + ((s - ls) ** 2 + (d - ld) ** 2) / 16),
    0,
  );
  return mixed(light.ambient, [1, 0.88, 0.66], Math.min(near * 0.55, 0.75));
}

/** Lamplight on the ground. */
function poolsOf(camera: Camera, { light, lampsAt }: Scene): Part[] {
  if (!light.isNight) return [];
  return lampsAt.flatMap(([s, d]) => {
    const ring = Array.from({ length: 18 }, (_, i): Vec => {
      const angle = (2 * Math.PI * i) / 18;
      return [s + POOL_RADIUS * Math.cos(angle), d + POOL_RADIUS * Math.sin(angle), 0];
    });
    const points = camera.face(ring);
    const style = { fill: [255, 215, 145], alpha: 0.5, glow: true, lit: true } as const;
    return points.length < 6 ? [] : [{ points, ...style }];
  });
}

/** What a thing darkens: the ground under it and, by day, away from the sun. */
function shadowOf(camera: Camera, { light }: Scene, { look }: Actor, sketch: Sketch): Part[] {
  const [l, w] = [look.length / 2, look.width / 2];
  const corners = (
    [
      [-l, -w],
      [l, -w],
      [l, w],
      [-l, w],
    ] as const
  ).map(([a, b]) => sketch.at([a, b, 0]));
  if (corners.some((corner) => camera.depth(corner) < 1)) return [];
  const under = corners.flatMap((corner) => camera.project(corner));
  const fill: Colour = [8, 8, 12];
  const contact = { points: hull(under), fill, alpha: 0.3 };
  if (light.shadow < 0.2) return [contact];
  const [s, d] = light.cast;
  const height = look.height * 0.9;
  const cast = corners.map((corner): Vec => [corner[0] + s * height, corner[1] + d * height, 0]);
  if (cast.some((corner) => camera.depth(corner) < 1)) return [contact];
  const points = hull([...under, ...cast.flatMap((corner) => camera.project(corner))]);
  return [{ points, fill, alpha: light.shadow * 0.8 }, contact];
}
