import type { InferenceSession } from 'onnxruntime-node';

/** A graph that the detector can not use. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';
  readonly code = 'MODEL_UNKNOWN';
}

/** Size that the graph takes, in pixels. */
export interface ModelInput {
  readonly width: number;
  readonly height: number;
}

/**
 * Checks that the graph is the RT-DETR authors' export and tells the size of its input.
 *
 * `images` float32 [N, 3, H, W] and `orig_target_sizes` int64 [N, 2] (width, height) give
 * `labels` int64 [N, Q], `boxes` float32 [N, Q, 4] (xyxy in pixels of the size given) and `scores` float32 [N, Q].
 * Source: lyuwenyu/RT-DETR, rtdetrv2_pytorch/tools/export_onnx.py.
 * @throws UnknownModelError saying what was expected and what was found
 */
export function readExportStyle(session: InferenceSession): ModelInput {
  const inputs = [...session.inputNames].sort().join(', ');
  const outputs = [...session.outputNames].sort().join(', ');
  if (inputs !== 'images, orig_target_sizes' || outputs !== 'boxes, labels, scores') {
    throw new UnknownModelError(
      'expected inputs images, orig_target_sizes and outputs boxes, labels, scores; ' +
        `found inputs ${inputs} and outputs ${outputs}`,
    );
  }
  const images = session.inputMetadata.find((input) => input.name === 'images');
  const shape = images?.isTensor ? images.shape : [];
  const [, channels, height, width] = shape;
  if (channels !== 3 || typeof height !== 'number' || typeof width !== 'number') {
    throw new UnknownModelError(
      `expected images of shape [N, 3, height, width] with fixed height and width; found [${shape.join(', ')}]`,
    );
  }
  return { width, height };
}
