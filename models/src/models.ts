import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a model is exported: which inputs and outputs it has. */
export type ModelStyle = 'rtdetr' | 'huggingface' | 'ultralytics';

/** One entry of models.json. */
export interface Model {
  readonly name: string;
  /** Absolute path of the ONNX file. */
  readonly file: string;
  /** Absolute path of a JSON array: class names in class-id order. */
  readonly labels: string;
  readonly style: ModelStyle;
  /** Input width and height in pixels. */
  readonly size: readonly [width: number, height: number];
  /** SPDX identifier. */
  readonly licence: string;
  /** Of the file, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly about: string;
}

/** No model in models.json has this name. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';
  readonly code = 'MODEL_UNKNOWN';
  readonly known: readonly string[];

  constructor(model: string, known: readonly string[]) {
    super(`no model is named ${JSON.stringify(model)}; there are: ${known.join(', ')}`);
    this.known = known;
  }
}

const folder = join(import.meta.dirname, '..', '..');

/** The models that models.json lists. */
export async function readModels(): Promise<Model[]> {
  const { models } = JSON.parse(await readFile(join(folder, 'shapes', 'models.json'), 'utf8'));
  return (models as Model[]).map((model) => ({
    ...model,
    file: join(folder, model.file),
    labels: join(folder, model.labels),
  }));
}

/** The model of this name. @throws UnknownModelError */
export async function findModel(name: string): Promise<Model> {
  const models = await readModels();
  const model = models.find((each) => each.name === name);
  if (!model) {
    const known = models.map((each) => each.name);
    throw new UnknownModelError(name, known);
  }
  return model;
}
