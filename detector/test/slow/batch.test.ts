import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import t from 'tap';
import { Batch } from '../../src/batch.js';
import type { PreparedFrame } from '../../src/frame-preparer.js';
import type { ModelOutput } from '../../src/model-output.js';
import { PictureDecoder } from '../../src/picture.js';
import { bestFirst, distance, fixture, loadFixture, pictureLength } from '../fixtures.js';

/** The fixtures' picture and two that differ from it, each with a frame of another size. */
async function pictures() {
  const png = await readFile(fixture('picture.png'));
  return [
    { jpeg: png, width: 640, height: 480 },
    { jpeg: await sharp(png).flop().png().toBuffer(), width: 1280, height: 720 },
    { jpeg: await sharp(png).flip().negate().png().toBuffer(), width: 300, height: 900 },
  ];
}

for (const file of ['authors.onnx', 'hugging-face.onnx', 'ultralytics-best.onnx']) {
  t.test(`${file}: frames of one batch give what each gives alone`, async (t) => {
    await using model = await loadFixture(file, { batch: 4 });
    const length = pictureLength(model);
    const decoder = new PictureDecoder(model.input);
    const frames = await pictures();
    const together = new Float32Array(4 * length);
    for (const [i, frame] of frames.entries()) {
      const slot = together.subarray(i * length, (i + 1) * length);
      await decoder.decodeInto(slot, { ...frame, frameIndex: 1, capturedAt: 0 });
    }
    const pixels = together.slice();
    const { outputs } = await model.infer(together, frames);
    t.equal(outputs.length, 3);
    const found = outputs.map(bestFirst);
    t.ok(distance(found[1] ?? [], found[0] ?? []).pixels > 50, 'the pictures are not alike');
    for (const [i, frame] of frames.entries()) {
      const one = new Float32Array(4 * length);
      one.set(pixels.subarray(i * length, (i + 1) * length));
      const alone = bestFirst((await model.infer(one, [frame])).outputs[0] as ModelOutput);
      t.ok(alone.length >= 30);
      const labels = (list: typeof alone) => list.map(({ label }) => label);
      t.same(labels(found[i] ?? []), labels(alone), `picture ${i + 1}`);
      const { pixels: boxes, score } = distance(found[i] ?? [], alone);
      t.ok(boxes < 0.5, `boxes differ by ${boxes} px`);
      t.ok(score < 1e-3, `scores differ by ${score}`);
    }
  });
}

t.test('a graph of a fixed batch is given that many, and gives what was asked for', async (t) => {
  await using model = await loadFixture('batch-8.onnx', { batch: 8 });
  const pixels = new Float32Array(8 * pictureLength(model));
  const frames = Array.from({ length: 3 }, () => ({ width: 100, height: 50 }));
  const { outputs } = await model.infer(pixels, frames);
  t.same(
    outputs.map(({ scores }) => scores.length),
    [30, 30, 30],
  );
});

t.test('a batch that the graph cannot take is refused with what is allowed', async (t) => {
  const cases = [
    ['batch-8.onnx', 4, /DETECTOR_BATCH is 4, .*takes 8 at once .*: set DETECTOR_BATCH=8/],
    [
      'ultralytics-classes.onnx',
      2,
      /DETECTOR_BATCH is 2, .*takes 1 at once .*: leave DETECTOR_BATCH at 1, or export/,
    ],
    ['any-size.onnx', 2, /for 2 pictures at once the graph gives .*try it with DETECTOR_BATCH=1/],
  ] as const;
  for (const [file, batch, words] of cases) {
    const refusal = { name: 'UnknownModelError', message: words };
    await t.rejects(loadFixture(file, { batch, inputSize: 32 }), refusal, file);
  }
});

t.test('another number of threads gives the same', async (t) => {
  await using model = await loadFixture('authors.onnx');
  const [frame] = await pictures();
  const find = async () => {
    const pixels = new Float32Array(pictureLength(model)).fill(0.3);
    const { outputs } = await model.infer(pixels, [frame as { width: number; height: number }]);
    return bestFirst(outputs[0] as ModelOutput);
  };
  const before = await find();
  const [, after] = await Promise.all([model.setThreads(2), find()]);
  t.ok(distance(after, before).pixels < 0.5);
});

t.test('pictures are moved up where one did not come', async (t) => {
  const batch = new Batch(new Float32Array(8), 2);
  const frame = (i: number) => ({ prepareMs: i }) as PreparedFrame;
  for (const [i, comes] of [false, true, false, true].entries()) {
    batch.add(async (slot) => {
      slot.fill(i);
      return comes ? frame(i) : undefined;
    });
  }
  t.same(await batch.filled(), [frame(1), frame(3)]);
  t.same([...batch.pixels.subarray(0, 4)], [1, 1, 3, 3]);
});
