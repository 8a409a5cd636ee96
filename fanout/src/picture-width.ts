/** Widths, in pixels, to which pictures are scaled for viewers: few, so that viewers of about one size share the work. */
export const pictureWidths = [160, 320, 480, 640, 960, 1280] as const;

/** A picture may be stretched so much where it is shown before it looks soft. */
const stretch = 1.1;

/** The width that serves a viewer who shows pictures so wide; null: pictures as they are. */
export function widthFor(wanted: number): number | null {
  return pictureWidths.find((width) => width * stretch >= wanted) ?? null;
}

/** A picture is scaled from so much on: below it its bytes are hardly fewer, and scaling costs as much as decoding. */
const worthwhile = 1.5;

/** Whether a frame of that width is worth scaling down to `width`. */
export function isWider(frameWidth: number, width: number): boolean {
  return frameWidth >= width * worthwhile;
}
