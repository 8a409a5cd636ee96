import type { Label } from './labels.js';
import type { Rgb } from './palette.js';

/** An RGB picture in memory, 3 bytes a pixel, rows from the top. What is drawn outside of it is cut off. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;

  constructor(width: number, height: number, data: Buffer) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** Fills from (x1, y1) to (x2, y2), the latter not included. */
  fill(x1: number, y1: number, x2: number, y2: number, [red, green, blue]: Rgb): void {
    const [left, right] = [Math.max(0, x1), Math.min(this.width, x2)];
    for (let y = Math.max(0, y1); y < Math.min(this.height, y2); y += 1) {
      for (let at = (y * this.width + left) * 3; at < (y * this.width + right) * 3; at += 3) {
        this.data[at] = red;
        this.data[at + 1] = green;
        this.data[at + 2] = blue;
      }
    }
  }

  /** The outline of a box, drawn to its inside. */
  outline(x1: number, y1: number, x2: number, y2: number, thickness: number, colour: Rgb): void {
    this.fill(x1, y1, x2, y1 + thickness, colour);
    this.fill(x1, y2 - thickness, x2, y2, colour);
    this.fill(x1, y1, x1 + thickness, y2, colour);
    this.fill(x2 - thickness, y1, x2, y2, colour);
  }

  /** Blends a text in, its top left corner at (left, top). */
  write(label: Label, left: number, top: number, colour: Rgb): void {
    for (let y = Math.max(0, -top); y < label.height && top + y < this.height; y += 1) {
      for (let x = Math.max(0, -left); x < label.width && left + x < this.width; x += 1) {
        const alpha = (label.coverage[y * label.width + x] ?? 0) / 255;
        const at = ((top + y) * this.width + left + x) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const under = this.data[at + channel] ?? 0;
          this.data[at + channel] = under + ((colour[channel] ?? 0) - under) * alpha;
        }
      }
    }
  }
}
