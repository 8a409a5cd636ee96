import type { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  arePorts,
  describeGraph,
  describePort,
  type ExpectedPort,
  type Graph,
  UnknownModelError,
} from './graph.js';
import type { ModelOutput } from './model-output.js';
import { authors } from './styles/authors.js';
import { huggingFace } from './styles/hugging-face.js';
import { ultralytics } from './styles/ultralytics.js';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One way to export an RT-DETR: which tensors go in and come out, and what they mean. */
export interface ExportStyle {
  readonly name: string;
  /** The first one takes the picture: RGB planes, 0 to 1. */
  readonly inputs: readonly [ExpectedPort, ...ExpectedPort[]];
  readonly outputs: readonly ExpectedPort[];
  /** Tensors that go in beside the picture. */
  feeds(frame: Size): Record<string, Tensor>;
  /**
   * Looks at what came out for a first, black picture.
   * @throws UnknownModelError where sizes or values are not those of the style with as many classes as have names
   */
  check(tensors: InferenceSession.ReturnType, classes: number): void;
  /** What the tensors that came out say of one frame. */
  read(tensors: InferenceSession.ReturnType, frame: Size, classes: number): ModelOutput;
}

/** The styles that are told apart by what graphs take and give. */
export const exportStyles: readonly ExportStyle[] = [authors, huggingFace, ultralytics];

/** @throws UnknownModelError saying what was expected and what was found */
export function findExportStyle(graph: Graph): ExportStyle {
  const style = exportStyles.find(
    ({ inputs, outputs }) => arePorts(graph.inputs, inputs) && arePorts(graph.outputs, outputs),
  );
  if (style === undefined) {
    const expected = exportStyles.map((each) => `${each.name}: ${describeStyle(each)}`).join(' | ');
    throw new UnknownModelError(
      `the graph is no RT-DETR export that the detector knows; expected ${expected} | found ${describeGraph(graph)}`,
    );
  }
  return style;
}

function describeStyle({ inputs, outputs }: ExportStyle): string {
  const ports = (expected: readonly ExpectedPort[]) =>
    expected.map(({ types, ...port }) => ({ ...port, type: types.join(' or ') }));
  return describeGraph({ inputs: ports(inputs), outputs: ports(outputs) });
}

/**
 * The size of the pictures that the graph takes and the type of their values. A graph can leave the size open and still
 * work with one only, as Hugging Face's exports do: then it has to be given.
 * @throws UnknownModelError when it takes only several pictures at once
 */
export function readPictureInput(
  graph: Graph,
  style: ExportStyle,
  openSize: number,
): Size & { type: string } {
  const port = graph.inputs.find(({ name }) => name === style.inputs[0].name);
  if (port === undefined) throw new TypeError('the graph is not of this style');
  const [batch, , height, width] = port.shape;
  if (typeof batch === 'number' && batch !== 1) {
    throw new UnknownModelError(
      `expected a batch of 1 or of any size; found ${describePort(port)}`,
    );
  }
  const fixed = (size: number | string | undefined) => (typeof size === 'number' ? size : openSize);
  return { type: port.type, width: fixed(width), height: fixed(height) };
}
