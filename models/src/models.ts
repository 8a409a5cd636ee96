import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writtenModels } from './models-file.js';

export { ModelsFileError } from './models-file.js';

/** How a model is exported: which inputs and outputs it has. */
export type ModelStyle = 'rtdetr' | 'huggingface' | 'ultralytics';

/** Where on a model hub a file lies. */
export interface ModelSource {
  /** `owner/name`. */
  readonly repository: string;
  /** Commit, or a branch where no commit is known. */
  readonly revision: string;
  readonly path: string;
}

/** One entry of models.json. */
export interface Model {
  readonly name: string;
  /** Absolute path of the ONNX file; a model with a `source` is there once it was fetched. */
  readonly file: string;
  /** Absent for a model that comes with framebus. */
  readonly source?: ModelSource;
  /** Absolute path of a JSON array: class names in class-id order. */
  readonly labels: string;
  readonly style: ModelStyle;
  /** Input width and height in pixels. */
  readonly size: readonly [width: number, height: number];
  /** SPDX identifier. */
  readonly licence: string;
  /** Of the file, in hex; absent where nobody told. */
  readonly sha256?: string;
  readonly bytes?: number;
  /** Size in MB as the hub's pages tell it, rounded by them. */
  readonly listedMegabytes?: number;
  /** True when revision, hash and size are from other projects' code, not from a download of ours. */
  readonly secondHand?: boolean;
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

/** The model is listed, but its file is not on this machine. */
export class ModelNotFetchedError extends Error {
  override readonly name = 'ModelNotFetchedError';
  readonly code = 'MODEL_NOT_FETCHED';
  readonly model: string;

  constructor(model: string) {
    super(`model ${model} is not fetched: npm run models:fetch ${model}`);
    this.model = model;
  }
}

const folder = join(import.meta.dirname, '..', '..');

/** Where fetched models lie, each in a folder of its name. */
export const fetchedFolder = join(folder, 'fetched');

/** The models that models.json lists. @param fetched folder of the fetched ones. @throws ModelsFileError */
export async function readModels(fetched = fetchedFolder): Promise<Model[]> {
  return parseModels(await readFile(join(folder, 'models.json'), 'utf8'), fetched);
}

/** The models of a text such as models.json. @throws ModelsFileError */
export function parseModels(text: string, fetched: string): Model[] {
  return writtenModels(text).map((model) => ({
    ...model,
    file: model.source ? join(fetched, model.name, 'model.onnx') : join(folder, model.file ?? ''),
    labels: join(folder, model.labels),
  }));
}

/** The entry of this name, whether or not its file is there. @throws UnknownModelError */
export async function listedModel(name: string, fetched = fetchedFolder): Promise<Model> {
  const models = await readModels(fetched);
  const model = models.find((each) => each.name === name);
  if (!model) {
    const known = models.map((each) => each.name);
    throw new UnknownModelError(name, known);
  }
  return model;
}

/** Whether the file of a model is there. */
export async function isFetched(model: Model): Promise<boolean> {
  return await access(model.file).then(
    () => true,
    () => false,
  );
}

/** The model of this name, ready to be loaded. @throws UnknownModelError, ModelNotFetchedError */
export async function findModel(name: string, fetched = fetchedFolder): Promise<Model> {
  const model = await listedModel(name, fetched);
  if (!(await isFetched(model))) throw new ModelNotFetchedError(name);
  return model;
}
