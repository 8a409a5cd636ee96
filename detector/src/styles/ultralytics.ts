import type { Tensor } from 'onnxruntime-node';
import type { ExportStyle, Size } from '../export-style.js';
import { floatsOf, floatTypes } from '../floats.js';
import { UnknownModelError } from '../graph.js';
import type { ModelOutput } from '../model-output.js';
import { writeCorners } from './corners.js';

/** One row of `output0` as label and score. */
type ReadRow = (row: Float32Array) => { readonly label: number; readonly score: number };

/**
 * The export of Ultralytics: rows of box (centre, width and height, 0 to 1) and scores after sigmoid. Two forms exist:
 * the score of every class, of which each query's best counts, and since 2026 six columns, the sixth a class id.
 * YOLO exports have the same names and are refused by their sizes or by their boxes.
 * Source: ultralytics, nn/modules/head.py, `RTDETRDecoder`, and models/rtdetr/predict.py.
 */
export const ultralytics: ExportStyle = {
  name: 'Ultralytics',
  inputs: [{ name: 'images', types: floatTypes, shape: ['N', 3, 'height', 'width'] }],
  outputs: [{ name: 'output0', types: floatTypes, shape: ['N', 'queries', '4 + classes or 6'] }],

  feeds: () => ({}),

  check({ output0 }, classes) {
    const rows = rowsOf(output0 as Tensor);
    const columns = (output0 as Tensor).dims[2];
    if (columns !== 4 + classes && !haveIds(rows)) {
      throw new UnknownModelError(
        `output0 has rows of ${columns} numbers; expected 4 + ${classes}, as ${classes} class names are given, ` +
          'or box, score and class id',
      );
    }
    if (rows.length === 0 || !rows.every(isRelative)) {
      throw new UnknownModelError(
        'output0 has boxes that are not within 0 to 1, or empty, as no RT-DETR gives them: is the model a YOLO?',
      );
    }
  },

  read({ output0 }, frame) {
    const rows = rowsOf(output0 as Tensor);
    return readRows(rows, haveIds(rows) ? readIdRow : readScoresRow, frame);
  },
};

function rowsOf(tensor: Tensor): Float32Array[] {
  const [, queries = 0, columns = 0] = tensor.dims;
  const values = floatsOf(tensor);
  return Array.from({ length: queries }, (_, i) => values.subarray(i * columns, (i + 1) * columns));
}

/** Two classes make six columns as well, but their scores are never all whole. */
function haveIds(rows: readonly Float32Array[]): boolean {
  return rows.every((row) => row.length === 6 && Number.isInteger(row[5]));
}

/** RT-DETR's boxes come from a sigmoid; YOLO's are in pixels, or zeros where nothing was found. */
function isRelative(row: Float32Array): boolean {
  return row.subarray(0, 4).every((value) => value > 0 && value <= 1);
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

function readRows(rows: readonly Float32Array[], readRow: ReadRow, frame: Size): ModelOutput {
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
