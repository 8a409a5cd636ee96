import type { Tensor } from 'onnxruntime-node';
import type { ExportStyle } from '../export-style.js';
import { floatsOf, floatTypes } from '../floats.js';
import { UnknownModelError } from '../graph.js';
import type { ModelOutput } from '../model-output.js';
import { writeCorners } from './corners.js';

/** One row of `output0` as label and score. */
type ReadRow = (row: Float32Array) => { readonly label: number; readonly score: number };

/**
 * The export of Ultralytics: rows of box (centre, width and height, 0 to 1) and scores after sigmoid. Two forms exist:
 * the score of every class, of which each query's best counts, and since 2026 six columns, the sixth a class id.
 * YOLO exports have the same names and are refused by their sizes, or by boxes in pixels.
 * Source: ultralytics, nn/modules/head.py, `RTDETRDecoder`, and models/rtdetr/predict.py.
 */
export const ultralytics: ExportStyle = {
  name: 'Ultralytics',
  inputs: [{ name: 'images', types: floatTypes, shape: ['N', 3, 'height', 'width'] }],
  outputs: [{ name: 'output0', types: floatTypes, shape: ['N', 'queries', '4 + classes or 6'] }],

  feeds: () => ({}),

  read({ output0 }, frame, classes) {
    const [, queries = 0, columns = 0] = (output0 as Tensor).dims;
    const values = floatsOf(output0 as Tensor);
    const rows = Array.from({ length: queries }, (_, i) =>
      values.subarray(i * columns, (i + 1) * columns),
    );
    return readRows(rows, formOf(rows, columns, classes), frame);
  },
};

/** @throws UnknownModelError where the rows are of neither form */
function formOf(rows: readonly Float32Array[], columns: number, classes: number): ReadRow {
  const hasIds = columns === 6 && rows.every((row) => Number.isInteger(row[5]));
  if (!hasIds && columns !== 4 + classes) {
    throw new UnknownModelError(
      `output0 has rows of ${columns} numbers; expected 4 + ${classes}, as ${classes} class names are given, ` +
        'or box, score and class id',
    );
  }
  // RT-DETR's boxes come from a sigmoid.
  if (rows.some((row) => row.subarray(0, 4).some((value) => value > 1))) {
    throw new UnknownModelError(
      'output0 has boxes above 1, so they are not an RT-DETR’s: is the model a YOLO?',
    );
  }
  return hasIds ? readIdRow : readScoresRow;
}

function readIdRow(row: Float32Array) {
  return { label: row[5] as number, score: row[4] as number };
}

function readScoresRow(row: Float32Array) {
  let label = 0;
  let score = 0;
  for (let i = 4; i < row.length; i++) {
    const value = row[i] as number;
    if (value > score) [label, score] = [i - 4, value];
  }
  return { label, score };
}

function readRows(
  rows: readonly Float32Array[],
  readRow: ReadRow,
  frame: Parameters<ExportStyle['read']>[1],
): ModelOutput {
  const labels = new Int32Array(rows.length);
  const boxes = new Float32Array(4 * rows.length);
  const scores = new Float32Array(rows.length);
  rows.forEach((row, i) => {
    const { label, score } = readRow(row);
    labels[i] = label;
    scores[i] = score;
    writeCorners(boxes, i, row, 0, frame);
  });
  return { labels, boxes, scores };
}
