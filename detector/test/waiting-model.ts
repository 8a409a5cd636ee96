import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadModel } from '../src/model.js';

/** Stands in for onnxruntime where the rest is looked at: each run waits so long, and finds nothing. */
export function waitingModel(inferenceMs: number): LoadModel {
  return async ({ provider }) => {
    let queue = Promise.resolve();
    const nothing = () => ({
      labels: new Int32Array(),
      boxes: new Float32Array(),
      scores: new Float32Array(),
    });
    return {
      ...{ input: { width: 640, height: 640 }, style: 'a wait', provider },
      failed: new Promise<never>(() => {}),
      async infer(pixels, frames) {
        queue = queue.then(() => sleep(inferenceMs));
        await queue;
        return { outputs: frames.map(nothing), inferenceMs, pixels };
      },
      setThreads: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  };
}
