import type { Sketch } from './sketch.js';
import { onEnd } from './solid.js';

/** Head and tail lamps; they glow when lit. */
export function lamps(
  sketch: Sketch,
  {
    rear,
    front,
    halfWidth,
    up,
    size,
    lit,
  }: Readonly<{
    rear: number;
    front: number;
    halfWidth: number;
    up: number;
    size: number;
    lit: boolean;
  }>,
): void {
  for (const side of [-1, 1]) {
    const outer = side * halfWidth * 0.95;
    const inner = side * (halfWidth * 0.95 - size * 1.6);
    const [left, right] = [Math.min(outer, inner), Math.max(outer, inner)];
    onEnd(
      sketch,
      front + 0.01,
      1,
      [left, right, up, up + size],
      lit ? [255, 250, 225] : [225, 228, 230],
      lit,
    );
    onEnd(
      sketch,
      rear - 0.01,
      -1,
      [left, right, up, up + size],
      lit ? [240, 40, 30] : [165, 25, 25],
      lit,
    );
    if (!lit) continue;
    for (const [l, fill, reach, facing] of [
      [front, [255, 245, 210], 0.55, 1],
      [rear, [255, 50, 30], 0.25, -1],
    ] as const) {
      const place = sketch.at([l, 0, up]);
      const normal = sketch.at([l + facing, 0, up]).map((v, i) => v - place[i]!);
      if (!sketch.camera.sees(place, [normal[0]!, normal[1]!, 0])) continue;
      sketch.ball([l, (left + right) / 2, up + size / 2], reach, fill, {
        alpha: 0.7,
        glow: true,
        lit: true,
        ghost: true,
        bias: 0.5,
      });
    }
  }
}
