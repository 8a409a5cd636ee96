import { type GroundTruth, matchBoxes, readFrameNumber } from '@framebus/models/clip';
import type { InferenceSession } from 'onnxruntime-node';
import { decodeFrames, PUBLISHED } from './frames.js';
import { detect, toInput } from './shapes.js';

/** How the model did on a clip. */
export interface ClipScore {
  frames: number;
  matched: number;
  missed: number;
  extra: number;
  /** Sum over the matched. */
  iou: number;
  lowestIou: number;
}

/** Overlap from which an object counts as found. */
export const MIN_IOU = 0.7;

/** Runs the model on every n-th frame of a clip, as it is after H.264, scaling and JPEG. */
export async function scoreClip(
  session: InferenceSession,
  file: string,
  truth: GroundTruth,
  every: number,
): Promise<ClipScore> {
  const score = { frames: 0, matched: 0, missed: 0, extra: 0, iou: 0, lowestIou: 1 };
  for await (const rgb of decodeFrames(file)) {
    const number = readFrameNumber(rgb, PUBLISHED.width, PUBLISHED.height);
    if (number === undefined) throw new Error('a frame shows no number');
    if (number % every !== 0) continue;
    const size = [truth.width, truth.height] as const;
    const [detections = []] = await detect(session, [await toInput(rgb)], size);
    const match = matchBoxes(truth.frames[number]!, detections, MIN_IOU);
    score.frames++;
    score.matched += match.matched.length;
    score.missed += match.missed.length;
    score.extra += match.extra.length;
    for (const iou of match.ious) {
      score.iou += iou;
      score.lowestIou = Math.min(score.lowestIou, iou);
    }
  }
  return score;
}
