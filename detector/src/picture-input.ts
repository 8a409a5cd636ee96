import type { ExportStyle, Size } from './export-style.js';
import { describePort, type Graph, UnknownModelError } from './graph.js';
import type { ModelOptions } from './model.js';

/** The input of a graph that takes the pictures. */
export interface PictureInput extends Size {
  readonly name: string;
  /** Of its values, as onnxruntime names it. */
  readonly type: string;
  /** Pictures of every run; undefined where the graph leaves their number open. */
  readonly fixedBatch: number | undefined;
}

/**
 * A graph can leave the size open and still work with one only, as Hugging Face's exports do: then it has to be given.
 * @throws UnknownModelError when it does not take as many pictures at once as it will be given
 */
export function readPictureInput(
  graph: Graph,
  style: ExportStyle,
  { inputSize, batch }: Pick<ModelOptions, 'inputSize' | 'batch'>,
): PictureInput {
  const { name } = style.inputs[0];
  const port = graph.inputs.find((each) => each.name === name);
  if (port === undefined) throw new TypeError('the graph is not of this style');
  const [rows, , height, width] = port.shape;
  if (typeof rows === 'number' && rows !== batch) {
    const way =
      rows === 1
        ? 'leave DETECTOR_BATCH at 1, or export the model with its batch left open'
        : `set DETECTOR_BATCH=${rows}`;
    throw new UnknownModelError(
      `DETECTOR_BATCH is ${batch}, but the graph takes ${rows} at once and no other number (${describePort(port)}): ${way}`,
    );
  }
  const fixed = (size: number | string | undefined) =>
    typeof size === 'number' ? size : inputSize;
  return {
    name,
    type: port.type,
    width: fixed(width),
    height: fixed(height),
    fixedBatch: typeof rows === 'number' ? rows : undefined,
  };
}
