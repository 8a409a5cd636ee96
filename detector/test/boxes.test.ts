import t from 'tap';
import { readBoxes } from '../src/boxes.js';

const output = {
  labels: Int32Array.of(0, 1, 0, 7, 0),
  boxes: Float32Array.of(
    ...[-5, 10, 60.004, 50],
    ...[10, 10, 20, 20],
    ...[10, 10, 20, 20],
    ...[0, 0, 10, 10],
    ...[200, 10, 300, 20],
  ),
  scores: Float32Array.of(0.9, 0.8, 0.3, 0.7, 0.95),
};
const frame = { width: 100, height: 40 };

t.test('boxes are clipped, those below the threshold or outside are left out', async (t) => {
  const found = readBoxes(output, ['red', 'blue'], frame, {
    confidenceThreshold: 0.5,
    classes: [],
  });
  t.same(found, [
    { class_id: 0, class_name: 'red', confidence: 0.9, bbox: [0, 10, 60, 40] },
    { class_id: 1, class_name: 'blue', confidence: 0.8, bbox: [10, 10, 20, 20] },
    { class_id: 7, class_name: 'class 7', confidence: 0.7, bbox: [0, 0, 10, 10] },
  ]);
});

t.test('only wanted classes are kept', async (t) => {
  const wanted = { confidenceThreshold: 0.1, classes: ['blue'] };
  const found = readBoxes(output, ['red', 'blue'], frame, wanted);
  t.same(
    found.map((detection) => detection.class_name),
    ['blue'],
  );
});

t.test('a score that is no number is left out', async (t) => {
  const broken = { ...output, scores: new Float32Array(5).fill(Number.NaN) };
  t.same(readBoxes(broken, [], frame, { confidenceThreshold: 0, classes: [] }), []);
});
