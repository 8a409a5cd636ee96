import { demoClip, matchBoxes, readFrameNumber, readGroundTruth } from '@framebus/models/clip';
import type { ViewerMessage } from '@framebus/test';
import sharp from 'sharp';

/** How well what viewers saw of the demo clip agrees with its ground truth. */
export interface Score {
  readonly frames: number;
  readonly objects: number;
  /** Share of the objects that were found at IoU ≥ 0.7. */
  readonly recall: number;
  readonly extra: number;
}

/** Reads off each picture which frame of the clip it shows, and holds its detections against the truth of that frame. */
export async function scoreAgainstTruth(messages: readonly ViewerMessage[]): Promise<Score> {
  const truth = await readGroundTruth(demoClip.truth);
  let [frames, matched, missed, extra] = [0, 0, 0, 0];
  for (const { frame, detections, width } of messages) {
    if (!frame || !detections || !width) continue;
    const { data, info } = await sharp(frame)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const number = readFrameNumber(data, info.width, info.height);
    const objects = number === undefined ? undefined : truth.frames[number];
    if (objects === undefined) throw new Error('a picture shows no frame number of the clip');
    const scale = truth.width / width;
    const found = detections.map(({ bbox, ...detection }) => {
      const [x1, y1, x2, y2] = bbox;
      return { ...detection, bbox: [x1 * scale, y1 * scale, x2 * scale, y2 * scale] as const };
    });
    const match = matchBoxes(objects, found, 0.7);
    frames++;
    matched += match.matched.length;
    missed += match.missed.length;
    extra += match.extra.length;
  }
  const objects = matched + missed;
  return { frames, objects, recall: objects > 0 ? matched / objects : 0, extra };
}
