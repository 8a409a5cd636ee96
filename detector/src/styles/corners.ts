import type { Size } from '../export-style.js';

/**
 * Writes box `to` of `corners`, xyxy in pixels of the frame, from centre, width and height, 0 to 1, at `from`.
 * Source: transformers' `center_to_corners_format` and Ultralytics' `xywh2xyxy` are the same formula.
 */
export function writeCorners(
  corners: Float32Array,
  to: number,
  boxes: Float32Array,
  from: number,
  { width, height }: Size,
): void {
  const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(from, from + 4);
  corners[4 * to] = (x - w / 2) * width;
  corners[4 * to + 1] = (y - h / 2) * height;
  corners[4 * to + 2] = (x + w / 2) * width;
  corners[4 * to + 3] = (y + h / 2) * height;
}
