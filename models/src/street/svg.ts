import type { Colour } from '../clip/picture.js';
import type { Frame } from './frame.js';
import { mixed, times } from './palette.js';
import type { Part, Points } from './part.js';
import type { Scene } from './scene.js';

/** The SVG text of a frame, with light and fog. */
export function formatSvg(scene: Scene, frame: Frame): string {
  const { width, height, horizon, focal, eye } = scene.camera;
  const { light } = scene;
  const gradients: string[] = [];
  const hazed = (part: Part, reaching: Colour, depth: number): string => {
    if (isOutside(part.points, width, height)) return '';
    const share = 1 - Math.exp(-light.fogPerMetre * depth);
    const seen = (fill: Colour) => mixed(part.lit ? fill : times(fill, reaching), light.fog, share);
    let fill = hex(seen(part.fill));
    if (part.glow) {
      gradients.push(glow(gradients.length, fill, part.alpha ?? 1));
      return path(part.points, `url(#g${gradients.length - 1})`);
    }
    if (part.low) {
      gradients.push(
        gradient(gradients.length, [
          [0, fill, 1],
          [1, hex(seen(part.low)), 1],
        ]),
      );
      fill = `url(#g${gradients.length - 1})`;
    }
    return path(part.points, fill, part.alpha);
  };
  const body: string[] = [];
  gradients.push(
    gradient(0, [
      [0, hex(light.skyTop), 1],
      [1, hex(light.skyLow), 1],
    ]),
  );
  body.push(`<rect width="${width}" height="${Math.ceil(horizon + 12)}" fill="url(#g0)"/>`);
  for (const part of frame.ground) body.push(hazed(part, light.ambient, 0));
  // Along a row of the ground all is equally far.
  const stops = [0, 0.02, 0.05, 0.1, 0.2, 0.45, 1].map((share): [number, string, number] => {
    const below = Math.max(share * (height - horizon), 0.5);
    return [share, hex(light.fog), 1 - Math.exp((-light.fogPerMetre * focal * eye[2]) / below)];
  });
  gradients.push(gradient(gradients.length, stops));
  body.push(
    `<rect y="${horizon.toFixed(1)}" width="${width}" height="${(height - horizon).toFixed(1)}" fill="url(#g${gradients.length - 1})"/>`,
  );
  for (const { parts, depth, light: reaching } of [...frame.houses, ...frame.things]) {
    for (const part of parts) body.push(hazed(part, reaching, depth));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${gradients.join('')}</defs>${body.join('')}</svg>`;
}

function isOutside(points: Points, width: number, height: number): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return right < 0 || bottom < 0 || left > width || top > height;
}

function path(points: Points, fill: string, alpha = 1): string {
  let d = `M${tenth(points[0]!)} ${tenth(points[1]!)}L`;
  for (let i = 2; i < points.length; i += 2) d += `${tenth(points[i]!)} ${tenth(points[i + 1]!)} `;
  const opacity = alpha < 1 ? ` fill-opacity="${alpha.toFixed(2)}"` : '';
  return `<path fill-rule="evenodd" fill="${fill}"${opacity} d="${d}Z"/>`;
}

/** Far outside the picture nothing is lost by a limit, and the numbers stay short. */
function tenth(value: number): number {
  return Math.round(Math.min(Math.max(value, -1e5), 1e5) * 10) / 10;
}

function gradient(id: number, stops: readonly (readonly [number, string, number])[]): string {
  const each = stops.map(
    ([at, fill, alpha]) =>
      `<stop offset="${at}" stop-color="${fill}"${alpha < 1 ? ` stop-opacity="${alpha.toFixed(3)}"` : ''}/>`,
  );
  return `<linearGradient id="g${id}" x2="0" y2="1">${each.join('')}</linearGradient>`;
}

function glow(id: number, fill: string, alpha: number): string {
  const stops = [1, 0.45, 0.12, 0].map(
    (share, i) =>
      `<stop offset="${i / 3}" stop-color="${fill}" stop-opacity="${(share * alpha).toFixed(2)}"/>`,
  );
  return `<radialGradient id="g${id}">${stops.join('')}</radialGradient>`;
}

function hex(colour: Colour): string {
  const byte = (value: number) =>
    Math.min(Math.max(Math.round(value), 0), 255)
      .toString(16)
      .padStart(2, '0');
  return `#${byte(colour[0])}${byte(colour[1])}${byte(colour[2])}`;
}
