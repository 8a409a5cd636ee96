import { Tensor } from 'onnxruntime-node';
import type { ExportStyle } from '../export-style.js';
import { floatsOf, floatTypes } from '../floats.js';

/**
 * The export of the RT-DETR authors, which D-FINE, DEIM and RT-DETRv4 share. The graph does all post-processing: boxes
 * come out in pixels of the size that goes in as [width, height].
 * Source: lyuwenyu/RT-DETR, rtdetrv2_pytorch/tools/export_onnx.py and src/zoo/rtdetr/rtdetr_postprocessor.py.
 */
export const authors: ExportStyle = {
  name: "the RT-DETR authors'",
  inputs: [
    { name: 'images', types: floatTypes, shape: ['N', 3, 'height', 'width'] },
    { name: 'orig_target_sizes', types: ['int64'], shape: ['N', 2] },
  ],
  outputs: [
    { name: 'labels', types: ['int64', 'int32'], shape: ['N', 'detections'] },
    { name: 'boxes', types: floatTypes, shape: ['N', 'detections', 4] },
    { name: 'scores', types: floatTypes, shape: ['N', 'detections'] },
  ],

  feeds(frames) {
    const sizes = BigInt64Array.from(
      frames.flatMap(({ width, height }) => [BigInt(width), BigInt(height)]),
    );
    return { orig_target_sizes: new Tensor('int64', sizes, [frames.length, 2]) };
  },

  check() {},

  read({ labels, boxes, scores }) {
    return {
      labels: Int32Array.from(labels?.data as BigInt64Array, Number),
      boxes: new Float32Array(floatsOf(boxes as Tensor)),
      scores: new Float32Array(floatsOf(scores as Tensor)),
    };
  },
};
