import t from 'tap';
import { distance, findInPicture, readReference } from '../fixtures.js';

const reference = await readReference('dfine-reference.json');
const sure = reference.filter(({ score }) => score > 0.5);
// The graphs of Hugging Face leave their size open.
const size = 160;

t.test('the reference has something to compare with', async (t) => {
  t.equal(reference.length, 30);
  t.equal(sure.length, 12);
  t.equal(new Set(reference.map(({ label }) => label)).size, 5);
});

for (const style of ['authors', 'hugging-face']) {
  t.test(`a D-FINE in the ${style} style gives all that transformers finds`, async (t) => {
    const found = await findInPicture(`dfine-${style}.onnx`, size);
    t.same(
      found.map(({ label }) => label),
      reference.map(({ label }) => label),
    );
    const { pixels, score } = distance(found, reference);
    t.ok(pixels < 0.5, `boxes differ by ${pixels} px`);
    t.ok(score < 1e-3, `scores differ by ${score}`);
  });

  t.test(`in float16 the ${style} style finds the same, less exactly`, async (t) => {
    const found = await findInPicture(`dfine-${style}-fp16.onnx`, size);
    for (const one of sure) {
      const near = found.filter(
        (each) => each.label === one.label && distance([each], [one]).pixels < 3,
      );
      const closest = Math.min(...near.map(({ score }) => Math.abs(score - one.score)));
      t.ok(closest < 0.01, `scores differ by ${closest}`);
    }
  });
}
