import type { Colour } from '../clip/picture.js';
import type { Points } from './part.js';

type Stop = readonly [at: number, fill: string, alpha: number];

/** The text of an SVG picture, written polygon by polygon. */
export class Svg {
  readonly #width: number;
  readonly #height: number;
  readonly #gradients: string[] = [];
  readonly #body: string[] = [];
  #style = ''; // of the polygon that is still open for more of its kind
  #outline = '';

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /**
   * Adds a polygon, if any of it is in the picture.
   * @param joins polygons of one style in a row become one path, far faster to draw; they must not
   *   overlap, or the overlap is left out
   */
  polygon(points: Points, fill: string, alpha = 1, joins = false): void {
    if (this.#isOutside(points)) return;
    const opacity = alpha < 1 ? ` fill-opacity="${alpha.toFixed(2)}"` : '';
    const style = `fill="${fill}"${opacity}`;
    if (!joins || style !== this.#style) this.#close();
    this.#style = style;
    this.#outline += outline(points);
    if (!joins) this.#close();
  }

  /** Over the whole width. */
  rectangle(top: number, height: number, fill: string): void {
    this.#close();
    const size = `width="${this.#width}" height="${height.toFixed(1)}"`;
    this.#body.push(`<rect y="${top.toFixed(1)}" ${size} fill="${fill}"/>`);
  }

  /** From above to below. @returns a fill */
  gradient(stops: readonly Stop[]): string {
    return this.#define('linearGradient', ' x2="0" y2="1"', stops);
  }

  /** Brightest in the middle. @returns a fill */
  glow(fill: string, alpha: number): string {
    const stops = [1, 0.45, 0.12, 0].map((share, i): Stop => [i / 3, fill, share * alpha]);
    return this.#define('radialGradient', '', stops);
  }

  text(): string {
    this.#close();
    const size = `width="${this.#width}" height="${this.#height}"`;
    const content = `<defs>${this.#gradients.join('')}</defs>${this.#body.join('')}`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`;
  }

  #define(kind: string, attributes: string, stops: readonly Stop[]): string {
    const id = `g${this.#gradients.length}`;
    const each = stops.map(
      ([at, fill, alpha]) =>
        `<stop offset="${at}" stop-color="${fill}" stop-opacity="${alpha.toFixed(3)}"/>`,
    );
    this.#gradients.push(`<${kind} id="${id}"${attributes}>${each.join('')}</${kind}>`);
    return `url(#${id})`;
  }

  #close(): void {
    if (this.#outline === '') return;
    this.#body.push(`<path fill-rule="evenodd" ${this.#style} d="${this.#outline}"/>`);
    this.#outline = '';
    this.#style = '';
  }

  #isOutside(points: Points): boolean {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]!);
      right = Math.max(right, points[i]!);
      top = Math.min(top, points[i + 1]!);
      bottom = Math.max(bottom, points[i + 1]!);
    }
    return right < 0 || bottom < 0 || left > this.#width || top > this.#height;
  }
}

export function hex(colour: Colour): string {
  const byte = (value: number) =>
    Math.min(Math.max(Math.round(value), 0), 255)
      .toString(16)
      .padStart(2, '0');
  return `#${byte(colour[0])}${byte(colour[1])}${byte(colour[2])}`;
}

function outline(points: Points): string {
  let text = `M${tenth(points[0]!)} ${tenth(points[1]!)}L`;
  for (let i = 2; i < points.length; i += 2)
    text += `${tenth(points[i]!)} ${tenth(points[i + 1]!)} `;
  return `${text}Z`;
}

/** Far outside the picture nothing is lost by a limit, and the numbers stay short. */
function tenth(value: number): number {
  return Math.round(Math.min(Math.max(value, -1e5), 1e5) * 10) / 10;
}
