/** A rectangle on a canvas, in its pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where a box's label goes: above the box, under its upper edge, below the box or above its lower
 * edge, whichever first lies in `frame` and covers none of `taken`; where all do, the first in the frame.
 */
export function placeLabel(
  label: Pick<Rectangle, 'width' | 'height'>,
  box: Rectangle,
  frame: Rectangle,
  taken: readonly Rectangle[],
): Rectangle {
  const { width, height } = label;
  const rightmost = frame.left + frame.width - width;
  const left = Math.max(Math.min(box.left, rightmost), frame.left);
  const bottom = box.top + box.height;
  const within = [box.top - height, box.top, bottom, bottom - height]
    .map((top) => ({ left, top, width, height }))
    .filter(({ top }) => top >= frame.top && top + height <= frame.top + frame.height);
  const free = within.find((place) => !taken.some((other) => overlap(place, other)));
  return free ?? within[0] ?? { left, top: Math.max(box.top, frame.top), width, height };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}
