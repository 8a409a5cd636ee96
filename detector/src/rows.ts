import { type InferenceSession, Tensor } from 'onnxruntime-node';

/** Row `i` of each tensor of a batch, as a batch of one; the same memory. */
export function rowOf(
  tensors: InferenceSession.ReturnType,
  i: number,
): InferenceSession.ReturnType {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, row(tensor as Tensor, i)]),
  );
}

function row({ type, data, dims, size }: Tensor, i: number): Tensor {
  const [rows = 1, ...rest] = dims;
  const length = size / rows;
  // The types of tensor that styles read hold numbers, never strings.
  const values = (data as Float32Array).subarray(i * length, (i + 1) * length);
  return new Tensor(type as 'float32', values, [1, ...rest]);
}
