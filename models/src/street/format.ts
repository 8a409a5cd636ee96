import type { Colour } from '../clip/picture.js';
import type { Frame } from './frame.js';
import { mixed, times } from './palette.js';
import type { Part } from './part.js';
import type { Scene } from './scene.js';
import { hex, Svg } from './svg.js';

/** The SVG text of a frame, with light and fog. */
export function formatFrame(scene: Scene, frame: Frame): string {
  const { width, height, horizon, focal, eye } = scene.camera;
  const { light } = scene;
  const svg = new Svg(width, height);
  const draw = (part: Part, reaching: Colour, depth: number, isBackdrop = false) => {
    const share = 1 - Math.exp(-light.fogPerMetre * depth);
    const seen = (fill: Colour) => mixed(part.lit ? fill : times(fill, reaching), light.fog, share);
    const fill = hex(seen(part.fill));
    if (part.glow) return svg.polygon(part.points, svg.glow(fill, part.alpha ?? 1));
    const low =
      part.low &&
      svg.gradient([
        [0, fill, 1],
        [1, hex(seen(part.low)), 1],
      ]);
    svg.polygon(part.points, low ?? fill, part.alpha, isBackdrop);
  };
  const sky = svg.gradient([
    [0, hex(light.skyTop), 1],
    [1, hex(light.skyLow), 1],
  ]);
  svg.rectangle(0, Math.ceil(horizon + 12), sky);
  for (const part of frame.ground) draw(part, light.ambient, 0, true);
  // Along a row of the ground all is equally far.
  const stops = [0, 0.02, 0.05, 0.1, 0.2, 0.45, 1].map((share): [number, string, number] => {
    const below = Math.max(share * (height - horizon), 0.5);
    return [share, hex(light.fog), 1 - Math.exp((-light.fogPerMetre * focal * eye[2]) / below)];
  });
  svg.rectangle(horizon, height - horizon, svg.gradient(stops));
  for (const { parts, depth, light: reaching } of frame.houses) {
    for (const part of parts) draw(part, reaching, depth, true);
  }
  for (const { parts, depth, light: reaching } of frame.things) {
    for (const part of parts) draw(part, reaching, depth);
  }
  return svg.text();
}
