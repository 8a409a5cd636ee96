import type { Detection } from '@framebus/contract';
import { placeLabel, type Rectangle } from './labels.js';
import type { FrameResult } from './messages.js';
import { colourOf, dashOf, inkOn } from './palette.js';

export interface Drawn {
  readonly bitmap: ImageBitmap | null;
  /** The picture is not of this frame: it is dimmed. */
  readonly dimmed: boolean;
  readonly frame: FrameResult;
  readonly detections: readonly Detection[];
  /** Where objects were, oldest first; none: no trails. */
  readonly trail: readonly (readonly Detection[])[];
  readonly labels: boolean;
}

/** Narrower pictures have labels without confidence. In CSS pixels. */
const wholeLabelsFrom = 330;

/**
 * Draws a frame, whole and centred, with the boxes that belong to it.
 * `pixelRatio` is canvas pixels per CSS pixel: lines and letters keep their size on any screen.
 */
export function draw(context: CanvasRenderingContext2D, drawn: Drawn, pixelRatio: number): void {
  const { bitmap, dimmed, frame, detections, trail } = drawn;
  const { width, height } = context.canvas;
  const scale = Math.min(width / frame.width, height / frame.height);
  const place = fit(frame, scale, width, height);
  context.clearRect(0, 0, width, height);
  context.globalAlpha = dimmed ? 0.35 : 1;
  if (bitmap !== null) context.drawImage(bitmap, place.left, place.top, place.width, place.height);
  context.globalAlpha = 1;

  drawTrail(context, trail, place, scale, pixelRatio);
  const surestFirst = detections.toSorted((a, b) => b.confidence - a.confidence);
  const boxes = surestFirst.map((detection) => boxOf(detection, place, scale));
  surestFirst.forEach((detection, at) => {
    drawBox(context, boxes[at] ?? place, detection.class_id, pixelRatio);
  });
  if (!drawn.labels) return;
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

/** A dot at the foot of each object, the older the fainter. */
function drawTrail(
  context: CanvasRenderingContext2D,
  trail: Drawn['trail'],
  place: Rectangle,
  scale: number,
  pixelRatio: number,
): void {
  trail.forEach((detections, at) => {
    context.globalAlpha = (0.9 * (at + 1)) / trail.length;
    for (const detection of detections) {
      const { left, top, width, height } = boxOf(detection, place, scale);
      context.fillStyle = colourOf(detection.class_id);
      context.beginPath();
      context.arc(left + width / 2, top + height, 2.5 * pixelRatio, 0, 2 * Math.PI);
      context.fill();
    }
  });
  context.globalAlpha = 1;
}

/** A dark line under the coloured one keeps it visible on a picture of the same colour. */
function drawBox(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Rectangle,
  classId: number,
  pixelRatio: number,
): void {
  context.lineJoin = 'round';
  context.lineWidth = 4 * pixelRatio;
  context.strokeStyle = 'rgb(0 0 0 / 0.55)';
  context.strokeRect(left, top, width, height);
  context.lineWidth = 2 * pixelRatio;
  context.setLineDash(dashOf(classId).map((length) => length * pixelRatio));
  context.strokeStyle = colourOf(classId);
  context.strokeRect(left, top, width, height);
  context.setLineDash([]);
}

function drawLabel(
  context: CanvasRenderingContext2D,
  { class_id, class_name, confidence }: Detection,
  box: Rectangle,
  frame: Rectangle,
  taken: readonly Rectangle[],
  pixelRatio: number,
): Rectangle {
  const shownWidth = frame.width / pixelRatio;
  const letterHeight = Math.min(Math.max(shownWidth / 45, 10), 16) * pixelRatio;
  context.font = `600 ${letterHeight}px system-ui, sans-serif`;
  const whole = shownWidth >= wholeLabelsFrom;
  const words = whole ? `${class_name} ${confidence.toFixed(2)}` : class_name;
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
