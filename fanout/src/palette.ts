export type Rgb = readonly [red: number, green: number, blue: number];

/** Degrees: steps of the golden angle keep neighbouring classes apart, however many there are. */
const goldenAngle = 137.508;
const saturation = 0.85;
const lightness = 0.55;

/** The colour of a class, 0 to 255 each. */
export function colourOf(classId: number): Rgb {
  const hue = (classId * goldenAngle) % 360;
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  // https://www.w3.org/TR/css-color-4/#hsl-to-rgb
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Black or white, whichever is easier to read on `background`. */
export function textColourOn([red, green, blue]: Rgb): Rgb {
  // Rec. 601 luma.
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
  return luma > 128 ? [0, 0, 0] : [255, 255, 255];
}
