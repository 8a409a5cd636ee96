/**
 * Okabe and Ito's colours, which colour-blind people tell apart, without black, with a light grey.
 * https://jfly.uni-koeln.de/color/
 */
const colours = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#d0d0d0',
] as const;

/** The colour of a class: the same wherever it is shown. */
export function colourOf(classId: number): string {
  return colours[Math.abs(Math.trunc(classId)) % colours.length] ?? colours[0];
}

/** Classes past the eighth share a colour with one before: their lines are dashed, then dotted. In pixels. */
export function dashOf(classId: number): readonly number[] {
  const round = Math.floor(Math.abs(Math.trunc(classId)) / colours.length) % 3;
  return [[], [8, 5], [2, 4]][round] ?? [];
}

/** Black or white, whichever reads better on `colour` (#rrggbb), by WCAG's contrast ratio. */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  const luminance = luminanceOf(colour);
  return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}

/** WCAG 2.2 relative luminance, 0 to 1. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
