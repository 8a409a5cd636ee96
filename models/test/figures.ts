// Prints the figures of models/shapes/README.md: node models/dist/test/figures.js
import { stat } from 'node:fs/promises';
import { findModel } from '@framebus/models';
import { demoClip, readGroundTruth } from '@framebus/models/clip';
import { decodeFrames } from './frames.js';
import { MIN_IOU, scoreClip } from './score.js';
import { feedsOf, openShapes, toInput } from './shapes.js';

const RUNS = 100;

const truth = await readGroundTruth(demoClip.truth);
const score = await scoreClip(await openShapes(1), demoClip.file, truth, 1);
const objects = score.matched + score.missed;
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
const kib = async (file: string) => `${((await stat(file)).size / 1024).toFixed(0)} KiB`;
const rows = [
  ['frames', String(score.frames)],
  [`objects found at IoU ≥ ${MIN_IOU}`, `${percent(score.matched, objects)} of ${objects}`],
  ['mean IoU of those', (score.iou / score.matched).toFixed(3)],
  ['lowest IoU of those', score.lowestIou.toFixed(3)],
  ['detections without an object', percent(score.extra, score.matched + score.extra)],
  ['run, 1 thread (median)', await medianMs(1)],
  ['run, 2 threads (median)', await medianMs(2)],
  ['model.onnx', await kib((await findModel('shapes')).file)],
  ['demo.mp4', await kib(demoClip.file)],
  ['demo.json', await kib(demoClip.truth)],
];
for (const [what, value] of rows) console.log(`| ${what} | ${value} |`);

async function medianMs(threads: number): Promise<string> {
  const session = await openShapes(threads);
  const inputs: Float32Array[] = [];
  for await (const rgb of decodeFrames(demoClip.file, 1)) inputs.push(await toInput(rgb));
  const feeds = feedsOf(inputs, [truth.width, truth.height]);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  return `${times.sort((a, b) => a - b)[RUNS / 2]!.toFixed(1)} ms`;
}
