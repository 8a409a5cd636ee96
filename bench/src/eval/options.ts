import { parseArgs } from 'node:util';

/** First seed that no training uses: those are below 1,000,000. */
const FIRST_SEED = 9_000_000;
const TRAINING_SEEDS_END = 1_000_000;

/** What to measure. */
export interface EvalOptions {
  /** Name in models.json, or path of an .onnx file with the classes of the street scenes. */
  readonly model: string;
  readonly scenes: number;
  readonly secondsPerScene: number;
  readonly fps: number;
  /** Of the first scene; each next one's is one higher. */
  readonly seed: number;
  /** Quality of the H.264 clip. */
  readonly crf: number;
  readonly json: boolean;
}

/** @throws RangeError for a seed that training uses, TypeError for what is no number */
export function readOptions(args: readonly string[]): EvalOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'nano' },
      scenes: { type: 'string', default: '60' },
      'seconds-per-scene': { type: 'string', default: '2' },
      fps: { type: 'string', default: '5' },
      seed: { type: 'string', default: `${FIRST_SEED}` },
      crf: { type: 'string', default: '26' },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: Exclude<keyof typeof values, 'model' | 'json'>) => {
    const value = Number(values[name]);
    if (Number.isFinite(value)) return value;
    throw new TypeError(`--${name} is a number, not ${values[name]}`);
  };
  const seed = number('seed');
  if (seed < TRAINING_SEEDS_END) {
    throw new RangeError(`--seed ${seed}: models are trained on seeds below ${TRAINING_SEEDS_END}`);
  }
  return {
    model: values.model,
    scenes: number('scenes'),
    secondsPerScene: number('seconds-per-scene'),
    fps: number('fps'),
    seed,
    crf: number('crf'),
    json: values.json,
  };
}
