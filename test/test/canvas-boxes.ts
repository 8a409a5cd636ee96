import { colourOf } from '@framebus/fanout/dist/page/palette.js';
import { demoClip, readFrameNumber, readGroundTruth, type TrueObject } from '@framebus/models/clip';
import { until } from '@framebus/test';
import type { Locator } from 'playwright-core';

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** How far off a box's line may be, in pixels of the canvas. */
const tolerance = 5;
/** Points of a box that are looked at. */
const points = 40;
/** Share of them at which its line must be: other boxes may lie over the rest. */
const share = 0.7;

/**
 * Reads pixels off a canvas that shows the demo clip: which frame of the clip it is, by the number that is drawn
 * into it, and at how many of that frame's objects there is a box in the colour of their class.
 */
export async function boxesOnCanvas(canvas: Locator, frames: number) {
  const truth = await readGroundTruth(demoClip.truth);
  let [objects, drawn] = [0, 0];
  const seen = new Set<number>();
  while (seen.size < frames) {
    const [number, pixels] = await until(
      'a frame with its number',
      async () => {
        const pixels = await pixelsOf(canvas);
        // A box may lie over the number.
        const number = readFrameNumber(pixels.rgb, pixels.width, pixels.height);
        return number !== undefined && !seen.has(number) && ([number, pixels] as const);
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
    seen.add(number);
    for (const object of truth.frames[number] ?? []) {
      if (object.partial) continue;
      objects += 1;
      if (hasBox(pixels, object, pixels.width / truth.width)) drawn += 1;
    }
  }
  return { frames, objects, drawn };
}

async function pixelsOf(canvas: Locator): Promise<Pixels> {
  const { width, height, text } = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    let text = '';
    for (let at = 0; at < data.length; at += 32_768) {
      text += String.fromCharCode(...data.subarray(at, at + 32_768));
    }
    return { width, height, text: btoa(text) };
  });
  const rgba = Buffer.from(text, 'base64');
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    rgb.set(rgba.subarray(at * 4, at * 4 + 3), at * 3);
  }
  return { width, height, rgb };
}

function hasBox(pixels: Pixels, { class_id, bbox }: TrueObject, scale: number): boolean {
  const [left, top, right, bottom] = bbox.map((value) => value * scale) as [
    number,
    number,
    number,
    number,
  ];
  const colour = colourOf(class_id);
  let found = 0;
  for (let point = 0; point < points; point += 1) {
    const part = ((point % 10) + 0.5) / 10;
    const side = Math.floor(point / 10);
    const x = side === 0 ? left : side === 1 ? right : left + part * (right - left);
    const y = side === 2 ? top : side === 3 ? bottom : top + part * (bottom - top);
    if (isNear(pixels, x, y, side < 2, colour)) found += 1;
  }
  return found >= points * share;
}

/** Whether the colour is at a place, or a little beside it, across the line. */
function isNear(
  { rgb, width, height }: Pixels,
  x: number,
  y: number,
  across: boolean,
  colour: string,
): boolean {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  for (let off = -tolerance; off <= tolerance; off += 1) {
    const column = Math.min(Math.max(Math.round(across ? x + off : x), 0), width - 1);
    const row = Math.min(Math.max(Math.round(across ? y : y + off), 0), height - 1);
    const from = (row * width + column) * 3;
    const distance = wanted.reduce(
      (sum, part, at) => sum + Math.abs(part - (rgb[from + at] ?? 0)),
      0,
    );
    if (distance < 100) return true;
  }
  return false;
}
