import { Tensor } from 'onnxruntime-node';
import t from 'tap';
import { exportStyles } from '../src/export-style.js';
import { huggingFace } from '../src/styles/hugging-face.js';
import { ultralytics } from '../src/styles/ultralytics.js';
import { loadFixture } from './fixtures.js';

const frame = { width: 200, height: 100 };
const tensor = (values: readonly (readonly number[])[]) =>
  new Tensor('float32', Float32Array.from(values.flat()), [
    1,
    values.length,
    values[0]?.length ?? 0,
  ]);
const middle = [0.5, 0.5, 0.5, 0.5];
const corner = [0.125, 0.25, 0.25, 0.5];
const logit = (score: number) => Math.log(score / (1 - score));

t.test(
  'a graph is known by what goes in and comes out, and takes 320 where it leaves its size open',
  async (t) => {
    const styles = [
      ['authors.onnx', "the RT-DETR authors'", 160],
      ['hugging-face.onnx', 'Hugging Face', 160],
      ['ultralytics-classes.onnx', 'Ultralytics', 160],
      ['ultralytics-best.onnx', 'Ultralytics', 160],
      ['any-size.onnx', 'Hugging Face', 320],
    ] as const;
    for (const [file, style, size] of styles) {
      await using model = await loadFixture(file, { inputSize: 320 });
      t.equal(model.style, style, file);
      t.same(model.input, { width: size, height: size }, file);
    }
  },
);

t.test('an unknown graph is refused with what was expected and what was found', async (t) => {
  const refused = await loadFixture('rf-detr.onnx').catch((error: Error) => error);
  t.ok(refused instanceof Error);
  t.equal((refused as Error).name, 'UnknownModelError');
  const { message } = refused as Error;
  for (const { name } of exportStyles) t.ok(message.includes(`${name}: inputs `), name);
  for (const part of [
    'images float32 or float16 [N, 3, height, width], orig_target_sizes int64 [N, 2]',
    'outputs labels int64 or int32 [N, detections]',
    'pixel_values float32 or float16 [N, 3, height, width]; outputs logits',
    'outputs output0 float32 or float16 [N, queries, 4 + classes or 6]',
    'found inputs input float32 [1, 3, 560, 560]; outputs dets float32 [1, 300, 4], labels float32 [1, 300, 91]',
  ]) {
    t.ok(message.includes(part), part);
  }
});

t.test('Hugging Face: the best pairs count, so one query can give two classes', async (t) => {
  const logits = tensor([
    [logit(0.9), logit(0.8)],
    [logit(0.1), logit(0.2)],
  ]);
  const { labels, boxes, scores } = huggingFace.read(
    { logits, pred_boxes: tensor([corner, middle]) },
    frame,
    2,
  );
  t.same([...labels], [0, 1]);
  t.same(
    [...scores],
    [...Float32Array.of(0.9, 0.8)].map((score) => score),
  );
  t.same([...boxes], [0, 0, 50, 50, 0, 0, 50, 50]);
});

t.test('Hugging Face: what is no number is never found', async (t) => {
  const logits = tensor([
    [Number.NaN, 1],
    [Number.NaN, Number.NaN],
  ]);
  const { labels } = huggingFace.read({ logits, pred_boxes: tensor([corner, middle]) }, frame, 2);
  t.same([...labels], [1]);
});

t.test('Ultralytics: six columns are two classes or a class id, by what is in them', async (t) => {
  const scores = ultralytics.read(
    {
      output0: tensor([
        [...middle, 0.25, 0.75],
        [...corner, 0.5, 0],
      ]),
    },
    frame,
    2,
  );
  t.same([...scores.labels], [1, 0]);
  t.same([...scores.scores], [0.75, 0.5]);
  t.same([...scores.boxes], [50, 25, 150, 75, 0, 0, 50, 50]);
  const ids = ultralytics.read(
    {
      output0: tensor([
        [...middle, 0.25, 1],
        [...corner, 0.5, 0],
      ]),
    },
    frame,
    2,
  );
  t.same([...ids.labels], [1, 0]);
  t.same([...ids.scores], [0.25, 0.5]);
});
