/** Where each output sample lies between two input samples of one axis. */
export interface Axis {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** Weight of `after`, 0 to 1. */
  readonly weight: Float32Array;
}

/** Of `from` input samples and `to` output samples: centres at half coordinates, clamped at both ends. */
export function axis(from: number, to: number): Axis {
  const before = new Int32Array(to);
  const after = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    before[i] = Math.min(Math.floor(at), from - 1);
    after[i] = Math.min(Math.floor(at) + 1, from - 1);
    weight[i] = at - Math.floor(at);
  }
  return { before, after, weight };
}
