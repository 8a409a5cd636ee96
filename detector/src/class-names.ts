import { readFile } from 'node:fs/promises';
import { findModel } from '@framebus/models';
import { UnknownModelError } from './graph.js';

/** A model file and what its class ids mean. */
export interface ModelFile {
  readonly path: string;
  readonly classNames: readonly string[];
}

/** Class names that can not be read. */
export class LabelsError extends Error {
  override readonly name = 'LabelsError';
  readonly code = 'LABELS_INVALID';
}

/**
 * The model of that name in models.json, or the `.onnx` file at that path with the labels given.
 * @throws LabelsError, UnknownModelError for PyTorch weights, or models' UnknownModelError
 */
export async function findModelFile(model: string, labels: string): Promise<ModelFile> {
  if (model.endsWith('.pt')) {
    throw new UnknownModelError(
      `${model} holds PyTorch weights, and the detector runs ONNX; export it with Ultralytics: ` +
        `yolo export model=${model} format=onnx`,
    );
  }
  if (!model.endsWith('.onnx')) {
    const found = await findModel(model);
    return { path: found.file, classNames: await readLabels(labels || found.labels) };
  }
  if (labels === '') {
    throw new LabelsError(`DETECTOR_MODEL is a path, so DETECTOR_LABELS must name its class names`);
  }
  return { path: model, classNames: await readLabels(labels) };
}

async function readLabels(path: string): Promise<string[]> {
  const names: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new LabelsError(
      `${path}: expected a JSON array of class names, in the order of class ids`,
    );
  }
  return names;
}
