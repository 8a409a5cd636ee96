import type { Tensor } from 'onnxruntime-node';
import type { ExportStyle } from '../export-style.js';
import { floatsOf, floatTypes } from '../floats.js';
import { UnknownModelError } from '../graph.js';
import { writeCorners } from './corners.js';

/**
 * The export of Hugging Face's Optimum: no post-processing in the graph. As many detections as there are queries are
 * kept: the best pairs of query and class by sigmoid, so one query can give two classes.
 * Source: huggingface/transformers, rt_detr/image_processing_rt_detr.py, `post_process_object_detection`.
 */
export const huggingFace: ExportStyle = {
  name: 'Hugging Face',
  inputs: [{ name: 'pixel_values', types: floatTypes, shape: ['N', 3, 'height', 'width'] }],
  outputs: [
    { name: 'logits', types: floatTypes, shape: ['N', 'queries', 'classes'] },
    { name: 'pred_boxes', types: floatTypes, shape: ['N', 'queries', 4] },
  ],

  feeds: () => ({}),

  check({ logits }, classes) {
    const found = (logits as Tensor).dims[2];
    // Older DETRs have the same names, one more class, which is "no object", and softmax.
    if (found !== classes) {
      throw new UnknownModelError(
        `logits have ${found} classes, but ${classes} class names are given`,
      );
    }
  },

  read({ logits, pred_boxes }, frame, classes) {
    const [, queries = 0] = (logits as Tensor).dims;
    const values = floatsOf(logits as Tensor);
    const boxes = floatsOf(pred_boxes as Tensor);
    const best = indexesOfLargest(values, queries);
    const corners = new Float32Array(4 * best.length);
    best.forEach((index, i) => {
      writeCorners(corners, i, boxes, 4 * Math.floor(index / classes), frame);
    });
    return {
      labels: Int32Array.from(best, (index) => index % classes),
      boxes: corners,
      scores: Float32Array.from(best, (index) => 1 / (1 + Math.exp(-(values[index] as number)))),
    };
  },
};

/** Where the `count` largest values are, largest first; NaN is never among them. */
function indexesOfLargest(values: Float32Array, count: number): number[] {
  const numbers = values.filter((value) => !Number.isNaN(value)).sort();
  const least = numbers[Math.max(0, numbers.length - count)] ?? Number.POSITIVE_INFINITY;
  const indexes: number[] = [];
  values.forEach((value, index) => {
    if (value >= least) indexes.push(index);
  });
  return indexes.sort((a, b) => (values[b] as number) - (values[a] as number)).slice(0, count);
}
