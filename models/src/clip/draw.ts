import { drawBackdrop } from './backdrop.js';
import type { Box } from './box.js';
import { drawFrameNumber } from './counter.js';
import type { Mover } from './mover.js';
import { HEIGHT, type Picture, WIDTH } from './picture.js';
import type { Scene } from './scene.js';
import { boundsOf, coverage } from './shape.js';
import { type TrueObject, trueObject } from './truth.js';

/** Draws one frame of a clip. @returns the coloured objects in it */
export function drawFrame(
  picture: Picture,
  scene: Scene,
  number: number,
  frames: number,
): TrueObject[] {
  const phase = number / frames;
  const objects: TrueObject[] = [];
  drawBackdrop(picture, scene.backdrop, phase);
  for (const mover of scene.movers) {
    const seen = drawMover(picture, mover, phase);
    if (seen && mover.classId !== undefined) objects.push(trueObject(mover.classId, seen));
  }
  drawFrameNumber(picture, number);
  return objects;
}

/** Draws what of a mover is in the picture. @returns the box around its pixels, if there are any */
function drawMover(picture: Picture, mover: Mover, phase: number): Box | undefined {
  const { shape, colour } = mover;
  const pose = mover.pose(phase);
  const bounds = boundsOf(shape, pose);
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  let [x1, y1, x2, y2] = [WIDTH, HEIGHT, 0, 0];
  const right = Math.min(WIDTH, Math.ceil(bounds[2]) + 1);
  const bottom = Math.min(HEIGHT, Math.ceil(bounds[3]) + 1);
  for (let y = Math.max(0, Math.floor(bounds[1]) - 1); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(bounds[0]) - 1); x < right; x++) {
      const dx = x + 0.5 - pose.x;
      const dy = y + 0.5 - pose.y;
      const along = dx * cos + dy * sin;
      const across = dy * cos - dx * sin;
      const share = coverage(shape, along, across);
      if (share === 0) continue;
      const light = shade(along / shape.halfWidth, across / shape.halfHeight);
      const at = (y * WIDTH + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const under = picture.rgb[at + channel]!;
        const over = Math.min(colour[channel]! * light, 255);
        picture.rgb[at + channel] = under + (over - under) * share + 0.5;
      }
      if (share < 0.5) continue;
      x1 = Math.min(x1, x);
      y1 = Math.min(y1, y);
      x2 = Math.max(x2, x + 1);
      y2 = Math.max(y2, y + 1);
    }
  }
  return x1 < x2 ? [x1, y1, x2, y2] : undefined;
}

/** Brightness over a surface lit from the upper left, with a band across it. */
function shade(along: number, across: number): number {
  const band = Math.abs(along - 0.3) < 0.12 ? 0.85 : 1;
  return (0.9 - 0.1 * along - 0.12 * across) * band;
}
