import type { InferenceSession } from 'onnxruntime-node';

/** A model that the detector can not use. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';
  readonly code = 'MODEL_UNKNOWN';
}

/** One input or output of a graph; a size that is not fixed has its name, or `?`. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What a graph takes and gives. */
export interface Graph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export function readGraph(session: InferenceSession): Graph {
  return {
    inputs: session.inputMetadata.map(readPort),
    outputs: session.outputMetadata.map(readPort),
  };
}

function readPort(value: InferenceSession.ValueMetadata): Port {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] };
  return { name: value.name, type: value.type, shape: value.shape.map((size) => size || '?') };
}

/** In words, for errors. */
export function describeGraph({ inputs, outputs }: Graph): string {
  return `inputs ${inputs.map(describePort).join(', ')}; outputs ${outputs.map(describePort).join(', ')}`;
}

export function describePort({ name, type, shape }: Port): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

/**
 * Whether there are just these ports; each has a type that may be and as many sizes as are given, and a fixed size is
 * the one given, where a number is.
 */
export function arePorts(ports: readonly Port[], expected: readonly ExpectedPort[]): boolean {
  return (
    ports.length === expected.length &&
    expected.every(({ name, types, shape }) => {
      const port = ports.find((each) => each.name === name);
      return port !== undefined && types.includes(port.type) && isShape(port.shape, shape);
    })
  );
}

export interface ExpectedPort {
  readonly name: string;
  readonly types: readonly string[];
  /** A name stands for any size. */
  readonly shape: readonly (number | string)[];
}

function isShape(shape: Port['shape'], expected: Port['shape']): boolean {
  return (
    shape.length === expected.length &&
    expected.every((size, i) => {
      const found = shape[i];
      return typeof size === 'string' || typeof found === 'string' || found === size;
    })
  );
}
