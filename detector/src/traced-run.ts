import { isSampled, type TraceContext, traced } from '@framebus/contract/service';
import type { PreparedFrame } from './frame-preparer.js';
import type { Inference } from './model.js';

/**
 * The run of frames that share a batch, as a span with a link to each of them. It lies in the trace of the first frame
 * that is sampled, and so is sampled like the frames; without one there is none.
 */
export function tracedRun(
  frames: readonly PreparedFrame[],
  run: (span?: TraceContext) => Promise<Inference>,
): Promise<Inference> {
  if (frames.length === 1) return run();
  const links = frames.map(({ frame }) => frame.trace).filter(isSampled);
  const [first] = links;
  if (first === undefined) return run();
  const attributes = { 'framebus.batch_size': frames.length };
  return traced('batch infer', first, { attributes, links }, run);
}
