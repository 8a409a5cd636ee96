import type { Model, ModelStyle } from './models.js';

/** models.json is not as it should be. */
export class ModelsFileError extends Error {
  override readonly name = 'ModelsFileError';
  readonly code = 'MODELS_FILE_INVALID';
}

/** A model as the file has it: paths are relative to its folder. */
export type WrittenModel = Omit<Model, 'file'> & { readonly file?: string };

type Check = (value: unknown) => boolean;
const styles: readonly ModelStyle[] = ['rtdetr', 'huggingface', 'ultralytics'];
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const words = matches(/^[^\p{Cc}]{1,300}$/u);
/** No step up, no absolute path. */
const path = matches(/^(?!.*\.\.)[\w][\w./-]{0,200}$/);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const positive: Check = (value) => typeof value === 'number' && value > 0 && Number.isFinite(value);

const source: Readonly<Record<string, Check>> = {
  repository: matches(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  revision: matches(/^[\w.-]{1,100}$/),
  path,
};

/** What each field of a model must be. */
const fields: Readonly<Record<string, Check>> = {
  name: matches(/^[A-Za-z0-9][\w.-]{0,99}$/),
  file: optional(path),
  source: optional((value) => fits(value, source)),
  labels: path,
  style: (value) => styles.some((style) => style === value),
  size: (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((side) => Number.isInteger(side) && side > 0 && side <= 16_384),
  licence: words,
  sha256: optional(matches(/^[0-9a-f]{64}$/)),
  bytes: optional(positive),
  listedMegabytes: optional(positive),
  secondHand: optional((value) => typeof value === 'boolean'),
  about: words,
};

/** The entries of models.json. @throws ModelsFileError that names the first mistake */
export function writtenModels(text: string): WrittenModel[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelsFileError('models.json is not JSON', { cause });
  }
  const { models } = (json ?? {}) as { readonly models?: unknown };
  if (!Array.isArray(models)) throw new ModelsFileError('models.json: expected a list of models');
  for (const [at, model] of models.entries()) {
    const wrong = mistakeOf(model, fields);
    if (wrong !== undefined) throw new ModelsFileError(`models.json, entry ${at}: ${wrong}`);
    if ((model.file === undefined) === (model.source === undefined)) {
      throw new ModelsFileError(`models.json, entry ${at}: expected a file or a source`);
    }
  }
  return models as WrittenModel[];
}

function fits(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return mistakeOf(value, checks) === undefined;
}

function mistakeOf(value: unknown, checks: Readonly<Record<string, Check>>): string | undefined {
  if (typeof value !== 'object' || value === null) return 'expected an object';
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(checks).find(([name, check]) => !check(given[name]));
  return wrong && `${wrong[0]} does not fit`;
}
