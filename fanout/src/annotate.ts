import { availableParallelism } from 'node:os';
import type { Detection } from '@framebus/contract';
import sharp from 'sharp';
import { Canvas } from './canvas.js';
import type { Labels } from './labels.js';
import { colourOf, textColourOn } from './palette.js';

const thickness = 2;
const padding = 2;
const jpegQuality = 70;
const maxBoxes = 300;
/** Larger pictures are refused: 3 bytes each in memory. */
const maxPixels = 33_177_600;

// Frames differ, so nothing is worth keeping; frames are drawn side by side, so one thread for each is enough.
sharp.cache(false);
sharp.concurrency(1);

/** How many pictures may be drawn at once in this process. */
export const drawingSlots = 2 * availableParallelism();

/** The JPEG with boxes and labels drawn in. @throws Error when it cannot be decoded */
export async function annotate(
  jpeg: Uint8Array,
  detections: readonly Detection[],
  labels: Labels,
): Promise<Buffer> {
  const { data, info } = await sharp(jpeg, { limitInputPixels: maxPixels })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const canvas = new Canvas(info.width, info.height, data);
  for (const detection of detections.slice(0, maxBoxes)) {
    await draw(canvas, detection, labels);
  }
  const raw = { width: info.width, height: info.height, channels: 3 as const };
  return sharp(canvas.data, { raw }).jpeg({ quality: jpegQuality }).toBuffer();
}

async function draw(canvas: Canvas, detection: Detection, labels: Labels): Promise<void> {
  const [x1, y1, x2, y2] = detection.bbox.map(Math.round) as [number, number, number, number];
  const colour = colourOf(detection.class_id);
  canvas.outline(x1, y1, x2, y2, thickness, colour);

  const label = await labels.render(`${detection.class_name}: ${detection.confidence.toFixed(2)}`);
  const width = label.width + 2 * padding;
  const height = label.height + 2 * padding;
  const left = Math.max(0, Math.min(x1, canvas.width - width));
  // Above the box; where there is no room, inside of it.
  const top = y1 >= height ? y1 - height : Math.max(0, y1);
  canvas.fill(left, top, left + width, top + height, colour);
  canvas.write(label, left + padding, top + padding, textColourOn(colour));
}
