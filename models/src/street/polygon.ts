import type { Points } from './part.js';

/** A disc, or a part of an ellipse's outline, as a polygon of few corners. */
export function disc(x: number, y: number, across: number, up = across): Points {
  const corners = across > 12 ? 20 : across > 4 ? 12 : 8;
  const points: number[] = [];
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners;
    points.push(x + across * Math.cos(angle), y + up * Math.sin(angle));
  }
  return points;
}

/** A limb: from one disc to another. */
export function capsule(
  x1: number,
  y1: number,
  r1: number,
  x2: number,
  y2: number,
  r2: number,
): Points {
  return hull([...disc(x1, y1, r1), ...disc(x2, y2, r2)]);
}

/** The convex polygon around points (monotone chain). */
export function hull(points: Points): Points {
  const sorted: [number, number][] = [];
  for (let i = 0; i < points.length; i += 2) sorted.push([points[i]!, points[i + 1]!]);
  sorted.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: readonly [number, number][]) => {
    const chain: [number, number][] = [];
    for (const point of from) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())].flat();
}

/** A closed line: the outline, and back along its inside. */
export function ring(outer: Points, inner: Points): Points {
  const back: number[] = [];
  for (let i = inner.length - 2; i >= 0; i -= 2) back.push(inner[i]!, inner[i + 1]!);
  return [...outer, outer[0]!, outer[1]!, back.at(-2)!, back.at(-1)!, ...back];
}

function turn(a: [number, number], b: [number, number], c: [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
