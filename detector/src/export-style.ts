import type { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  arePorts,
  describeGraph,
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
  /** The first one takes the pictures: RGB planes, 0 to 1. */
  readonly inputs: readonly [ExpectedPort, ...ExpectedPort[]];
  readonly outputs: readonly ExpectedPort[];
  /** Tensors that go in beside the pictures, with a row for each frame. */
  feeds(frames: readonly Size[]): Record<string, Tensor>;
  /**
   * Looks at what came out for a black picture, as a batch of one.
   * @throws UnknownModelError where sizes or values are not those of the style with as many classes as have names
   */
  check(tensors: InferenceSession.ReturnType, classes: number): void;
  /** What the tensors that came out say of one frame; they are a batch of one. */
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
