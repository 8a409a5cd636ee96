export type Rgb = readonly [red: number, green: number, blue: number];

/** Okabe and Ito's colours, as on the viewer page. https://jfly.uni-koeln.de/color/ */
export const colours = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#d0d0d0',
] as const;
const palette = colours.map(rgbOf);

/** The colour of a class, 0 to 255 each. */
export function colourOf(classId: number): Rgb {
  return palette[classId % palette.length] ?? [0, 0, 0];
}

/** Black or white, whichever is easier to read on `background`. */
export function textColourOn([red, green, blue]: Rgb): Rgb {
  // Rec. 601 luma.
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return luma > 128 ? [0, 0, 0] : [255, 255, 255];
}

function rgbOf(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
