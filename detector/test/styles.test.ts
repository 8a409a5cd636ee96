import t from 'tap';
import { distance, findInPicture, readReference } from './fixtures.js';

const reference = await readReference();
const sure = reference.filter(({ score }) => score > 0.5);
const labelsOf = (found: readonly { readonly label: number }[]) => found.map(({ label }) => label);

t.test('the reference has something to compare with', async (t) => {
  t.equal(reference.length, 30);
  t.equal(sure.length, 11);
  t.equal(new Set(labelsOf(reference)).size, 5);
});

for (const file of ['authors', 'hugging-face', 'ultralytics-best']) {
  t.test(`${file}.onnx gives all that transformers finds`, async (t) => {
    const found = await findInPicture(`${file}.onnx`);
    t.same(labelsOf(found), labelsOf(reference));
    const { pixels, score } = distance(found, reference);
    t.ok(pixels < 0.5, `boxes differ by ${pixels} px`);
    t.ok(score < 1e-3, `scores differ by ${score}`);
  });
}

t.test('ultralytics-classes.onnx gives each query’s best class', async (t) => {
  const found = await findInPicture('ultralytics-classes.onnx');
  t.equal(found.length, 30, 'one a query');
  // Further down, some queries have two classes in the reference.
  t.same(labelsOf(found.slice(0, sure.length)), labelsOf(sure));
  t.notOk((found[sure.length]?.score ?? 1) > 0.5, 'nothing else is above 0.5');
  const { pixels, score } = distance(found, sure);
  t.ok(pixels < 0.5, `boxes differ by ${pixels} px`);
  t.ok(score < 1e-3, `scores differ by ${score}`);
});

t.test('float16 in and out finds the same, less exactly', async (t) => {
  const found = await findInPicture('ultralytics-classes-fp16.onnx');
  for (const one of sure) {
    const near = found.filter(
      (each) => each.label === one.label && distance([each], [one]).pixels < 3,
    );
    const closest = Math.min(...near.map(({ score }) => Math.abs(score - one.score)));
    t.ok(closest < 0.01, `scores differ by ${closest}`);
  }
});
