import type { Detection } from '@framebus/contract';
import type { FrameResult } from './messages.js';
import { colourOf, inkOn } from './palette.js';

/** Where a frame lies on a canvas, in the canvas's pixels. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Canvas pixels per frame pixel. */
  readonly scale: number;
}

/**
 * Draws a frame, whole and centred, with the boxes that belong to it.
 * `pixelRatio` is canvas pixels per CSS pixel: lines and letters keep their size on any screen.
 */
export function draw(
  context: CanvasRenderingContext2D,
  bitmap: ImageBitmap | null,
  frame: FrameResult,
  detections: readonly Detection[],
  pixelRatio: number,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const place = fit(frame, width, height);
  if (bitmap !== null) context.drawImage(bitmap, place.left, place.top, place.width, place.height);

  const leastSureFirst = detections.toSorted((a, b) => a.confidence - b.confidence);
  for (const detection of leastSureFirst) drawBox(context, detection, place, pixelRatio);
  for (const detection of leastSureFirst) drawLabel(context, detection, place, pixelRatio);
}

function fit(frame: FrameResult, width: number, height: number): Place {
  const scale = Math.min(width / frame.width, height / frame.height);
  const fitted = { width: frame.width * scale, height: frame.height * scale, scale };
  return { ...fitted, left: (width - fitted.width) / 2, top: (height - fitted.height) / 2 };
}

/** A dark line under the coloured one keeps it visible on a picture of the same colour. */
function drawBox(
  context: CanvasRenderingContext2D,
  { bbox: [x1, y1, x2, y2], class_id }: Detection,
  { left, top, scale }: Place,
  pixelRatio: number,
): void {
  const box = [left + x1 * scale, top + y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale] as const;
  context.lineJoin = 'round';
  context.lineWidth = 4 * pixelRatio;
  context.strokeStyle = 'rgb(0 0 0 / 0.55)';
  context.strokeRect(...box);
  context.lineWidth = 2 * pixelRatio;
  context.strokeStyle = colourOf(class_id);
  context.strokeRect(...box);
}

/** Above the box, or in it where there is no room above; never outside the frame. */
function drawLabel(
  context: CanvasRenderingContext2D,
  { bbox: [x1, y1], class_id, class_name, confidence }: Detection,
  place: Place,
  pixelRatio: number,
): void {
  const letterHeight = Math.min(Math.max(place.width / pixelRatio / 45, 11), 16) * pixelRatio;
  context.font = `600 ${letterHeight}px system-ui, sans-serif`;
  const words = `${class_name} ${confidence.toFixed(2)}`;
  const width = context.measureText(words).width + letterHeight * 0.7;
  const height = letterHeight * 1.4;

  const wantedLeft = place.left + x1 * place.scale - pixelRatio;
  const left = Math.max(Math.min(wantedLeft, place.left + place.width - width), place.left);
  const above = place.top + y1 * place.scale - height;
  const top = above >= place.top ? above : Math.max(above + height, place.top);

  const colour = colourOf(class_id);
  context.fillStyle = colour;
  context.fillRect(left, top, width, height);
  context.fillStyle = inkOn(colour);
  context.textBaseline = 'middle';
  context.fillText(words, left + letterHeight * 0.35, top + height * 0.53);
}
