import { join } from 'node:path';
import { type Box, demoClip, iou, makeClip, readGroundTruth } from '@framebus/models/clip';
import t, { type Test } from 'tap';
import { decodeFrames } from '../frames.js';
import { noisy, patches } from '../pictures.js';
import { type ClipScore, scoreClip } from '../score.js';
import { detect, feedsOf, openShapes, toInput } from '../shapes.js';

const session = await openShapes(1);
const square = [640, 640] as const;
const grey = [120, 120, 120] as const;
const red = [210, 30, 30] as const;
const blue = [30, 40, 220] as const;

function reachesTheBar(t: Test, score: ClipScore) {
  const { matched, missed, extra } = score;
  t.ok(matched > 100, `${matched} objects were found`);
  t.ok(missed / (matched + missed) < 0.01, `${missed} objects were missed`);
  t.ok(extra / (matched + extra) < 0.02, `${extra} detections have no object`);
  t.ok(score.iou / matched > 0.9, `mean IoU is ${score.iou / matched}`);
}

t.test('objects of the demo clip are found after H.264, scaling and JPEG', async (t) => {
  const truth = await readGroundTruth(demoClip.truth);
  reachesTheBar(t, await scoreClip(session, demoClip.file, truth, 5));
});

t.test('objects of another clip, which nothing was tuned to, are found as well', async (t) => {
  const out = t.testdir();
  await makeClip({ out, seed: 90_210, seconds: 3 });
  const truth = await readGroundTruth(join(out, 'demo.json'));
  reachesTheBar(t, await scoreClip(session, join(out, 'demo.mp4'), truth, 3));
});

t.test('a batch gives exactly what its pictures give one by one', async (t) => {
  const inputs: Float32Array[] = [];
  for await (const rgb of decodeFrames(demoClip.file, 2)) inputs.push(await toInput(rgb));
  inputs.push(patches(grey));
  const together = await session.run(feedsOf(inputs, [1280, 720]));
  for (const [i, input] of inputs.entries()) {
    const alone = await session.run(feedsOf([input], [1280, 720]));
    for (const name of session.outputNames) {
      const { data } = alone[name]!;
      const part = together[name]!.data.slice(i * data.length, (i + 1) * data.length);
      t.same(part, data, `${name} of picture ${i}`);
    }
  }
});

t.test('dull pictures give nothing, however noisy', async (t) => {
  const dull = [patches(grey), patches([112, 104, 92]), patches([0, 0, 0]), noisy(1), noisy(2)];
  t.same(await detect(session, dull, square), [[], [], [], [], []]);
});

t.test('several objects of a class are told apart, touching ones of two classes too', async (t) => {
  const list = [
    { colour: red, at: [40, 60, 140, 160] },
    { colour: red, at: [156, 60, 256, 160] },
    { colour: red, at: [400, 300, 500, 420] },
    { colour: blue, at: [500, 300, 600, 420] },
  ] as const;
  const [detections = []] = await detect(session, [patches(grey, list)], square);
  t.equal(detections.length, list.length);
  for (const { colour, at } of list) {
    const name = colour === red ? 'red object' : 'blue object';
    const same = detections.filter((each) => each.class_name === name && iou(each.bbox, at) > 0.9);
    t.equal(same.length, 1, `${name} at ${at}`);
  }
});

t.test('a bent object stays one, with the box around all of it', async (t) => {
  const list = [
    { colour: red, at: [100, 100, 130, 500] },
    { colour: red, at: [100, 470, 400, 500] },
    { colour: red, at: [370, 100, 400, 500] },
  ] as const;
  const [detections = []] = await detect(session, [patches(grey, list)], square);
  t.equal(detections.length, 1);
  t.ok(iou(detections[0]!.bbox, [100, 100, 400, 500]) > 0.97);
});

t.test('boxes are in pixels of the size that was asked for, width first', async (t) => {
  const input = patches(grey, [{ colour: red, at: [320, 160, 480, 240] }]);
  const [detections = []] = await detect(session, [input], [1280, 720]);
  const expected: Box = [640, 180, 960, 270];
  t.ok(iou(detections[0]!.bbox, expected) > 0.97, `${detections[0]!.bbox}`);
});

t.test('scores fall from first to last and stay between 0 and 1', async (t) => {
  const list = [
    { colour: [150, 90, 90], at: [40, 60, 140, 160] },
    { colour: red, at: [300, 60, 400, 160] },
  ] as const;
  const [all = []] = await detect(session, [patches(grey, list)], square, 0);
  const scores = all.map((each) => each.confidence);
  t.equal(scores.length, 300);
  t.same(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  t.ok(scores[0]! > 0.9 && scores[0]! < 1, 'a vivid object scores high');
  t.ok(scores[1]! > 0 && scores[1]! < 0.5, 'a pale one scores low');
});
