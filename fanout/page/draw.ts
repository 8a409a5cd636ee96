import type { Detection } from '@framebus/contract';
import { placeLabel, type Rectangle } from './labels.js';
import type { FrameResult } from './messages.js';
import { colourOf, inkOn } from './palette.js';

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
  const scale = Math.min(width / frame.width, height / frame.height);
  const place = fit(frame, scale, width, height);
  context.clearRect(0, 0, width, height);
  if (bitmap !== null) context.drawImage(bitmap, place.left, place.top, place.width, place.height);

  const surestFirst = detections.toSorted((a, b) => b.confidence - a.confidence);
  const boxes = surestFirst.map((detection) => boxOf(detection, place, scale));
  surestFirst.forEach((detection, at) => {
    drawBox(context, boxes[at] ?? place, colourOf(detection.class_id), pixelRatio);
  });
  const labels: Rectangle[] = [];
  surestFirst.forEach((detection, at) => {
    labels.push(drawLabel(context, detection, boxes[at] ?? place, place, labels, pixelRatio));
  });
}

function fit(frame: FrameResult, scale: number, width: number, height: number): Rectangle {
  const fitted = { width: frame.width * scale, height: frame.height * scale };
  return { ...fitted, left: (width - fitted.width) / 2, top: (height - fitted.height) / 2 };
}

function boxOf({ bbox: [x1, y1, x2, y2] }: Detection, place: Rectangle, scale: number): Rectangle {
  return {
    left: place.left + x1 * scale,
    top: place.top + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

/** A dark line under the coloured one keeps it visible on a picture of the same colour. */
function drawBox(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Rectangle,
  colour: string,
  pixelRatio: number,
): void {
  context.lineJoin = 'round';
  context.lineWidth = 4 * pixelRatio;
  context.strokeStyle = 'rgb(0 0 0 / 0.55)';
  context.strokeRect(left, top, width, height);
  context.lineWidth = 2 * pixelRatio;
  context.strokeStyle = colour;
  context.strokeRect(left, top, width, height);
}

function drawLabel(
  context: CanvasRenderingContext2D,
  { class_id, class_name, confidence }: Detection,
  box: Rectangle,
  frame: Rectangle,
  taken: readonly Rectangle[],
  pixelRatio: number,
): Rectangle {
  const letterHeight = Math.min(Math.max(frame.width / pixelRatio / 45, 11), 16) * pixelRatio;
  context.font = `600 ${letterHeight}px system-ui, sans-serif`;
  const words = `${class_name} ${confidence.toFixed(2)}`;
  const width = context.measureText(words).width + letterHeight * 0.7;
  const label = placeLabel({ width, height: letterHeight * 1.4 }, box, frame, taken);

  const colour = colourOf(class_id);
  context.fillStyle = colour;
  context.fillRect(label.left, label.top, label.width, label.height);
  context.fillStyle = inkOn(colour);
  context.textBaseline = 'middle';
  context.fillText(words, label.left + letterHeight * 0.35, label.top + label.height * 0.53);
  return label;
}
