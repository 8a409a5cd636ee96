/** Narrower tiles are of no use: then the wall scrolls. In CSS pixels. */
const leastWidth = 150;
/** A caption under each picture, in CSS pixels. */
const captionHeight = 36;

export interface Grid {
  readonly columns: number;
  /** Of a tile, in CSS pixels. */
  readonly width: number;
}

/**
 * The grid in which so many pictures of 16:9 are largest in a space of that size (CSS pixels), `gap` apart.
 * Where they would be too small they are as wide as the space allows, at most two beside each other, and it scrolls.
 */
export function bestGrid(count: number, width: number, height: number, gap: number): Grid {
  let best: Grid = { columns: 1, width: 0 };
  for (let columns = 1; columns <= Math.max(count, 1); columns += 1) {
    const rows = Math.ceil(Math.max(count, 1) / columns);
    const across = (width - gap * (columns - 1)) / columns;
    const down = ((height - gap * (rows - 1)) / rows - captionHeight) * (16 / 9);
    const fits = Math.floor(Math.min(across, down));
    if (fits > best.width) best = { columns, width: fits };
  }
  const wide = width >= 600 ? Math.min(count, 2) : 1;
  const scrolled = Math.floor((width - gap * (wide - 1)) / wide);
  // A phone held upright: one below the other is more than twice as large.
  const small = best.width < leastWidth || (width < 600 && scrolled > best.width);
  return small ? { columns: wide, width: scrolled } : best;
}
