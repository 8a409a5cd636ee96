import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Detection } from '@framebus/contract';
import { findModelFile } from '@framebus/detector/dist/src/class-names.js';
import type { ScoredFound } from '@framebus/models/score';
import { LABELS, type Label } from '@framebus/models/street';

/** A model that can find what the street scenes show. */
export interface EvalModel {
  readonly path: string;
  readonly classNames: readonly string[];
  /** How a detector is told of it. */
  readonly detectorEnv: Readonly<Record<string, string>>;
}

/** The model lacks classes that the scenes show. */
export class OtherClassesError extends Error {
  override readonly name = 'OtherClassesError';
  readonly code = 'OTHER_CLASSES';

  constructor(model: string, classNames: readonly string[]) {
    super(
      `${model} finds ${classNames.slice(0, 6).join(', ')}; the scenes show ${LABELS.join(', ')}: it can not be measured on them`,
    );
  }
}

/**
 * @param folder for the class names of a model given by path
 * @throws OtherClassesError, or what the detector throws for a model that is not there
 */
export async function findEvalModel(model: string, folder: string): Promise<EvalModel> {
  const isPath = model.endsWith('.onnx');
  const labels = isPath ? join(folder, 'labels.json') : '';
  if (isPath) await writeFile(labels, JSON.stringify(LABELS));
  const name = isPath ? resolve(model) : model;
  const { path, classNames } = await findModelFile(name, labels);
  if (!LABELS.every((label) => classNames.includes(label))) {
    throw new OtherClassesError(model, classNames);
  }
  const detectorEnv = { DETECTOR_MODEL: name, ...(isPath && { DETECTOR_LABELS: labels }) };
  return { path, classNames, detectorEnv };
}

/** Detections of the scenes' classes, by the scenes' class ids, in pixels `scale` times as many. */
export function asFound(detections: readonly Detection[], scale = 1): ScoredFound[] {
  return detections.flatMap(({ class_name, confidence, bbox: [x1, y1, x2, y2] }) => {
    const class_id = LABELS.indexOf(class_name as Label);
    if (class_id < 0) return [];
    return [{ class_id, confidence, bbox: [x1 * scale, y1 * scale, x2 * scale, y2 * scale] }];
  });
}
