/** Width and height of the clip in pixels. */
export const WIDTH = 1280;
export const HEIGHT = 720;

/** Frames per second of the clip. */
export const FPS = 25;

/** Red, green, blue, each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A picture in rgb24: three bytes a pixel, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export function emptyPicture(width: number, height: number): Picture {
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}
