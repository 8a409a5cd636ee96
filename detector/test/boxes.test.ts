import type { Detection } from '@framebus/contract';
import t from 'tap';
import { readBoxes, type Wanted } from '../src/boxes.js';

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
const wanted = (confidenceThreshold: number): Wanted => ({
  ...{ confidenceThreshold, classes: [], lowScoreMin: 1 },
});

t.test('boxes are clipped, those below the threshold or outside are left out', async (t) => {
  const found = readBoxes(output, ['red', 'blue'], frame, wanted(0.5));
  t.same(found, {
    detections: [
      { class_id: 0, class_name: 'red', confidence: 0.9, bbox: [0, 10, 60, 40] },
      { class_id: 1, class_name: 'blue', confidence: 0.8, bbox: [10, 10, 20, 20] },
      { class_id: 7, class_name: 'class 7', confidence: 0.7, bbox: [0, 0, 10, 10] },
    ],
  });
});

t.test('only wanted classes are kept', async (t) => {
  const found = readBoxes(output, ['red', 'blue'], frame, { ...wanted(0.1), classes: ['blue'] });
  t.same(
    found.detections.map((detection) => detection.class_name),
    ['blue'],
  );
});

t.test('a score that is no number is left out', async (t) => {
  const broken = { ...output, scores: new Float32Array(5).fill(Number.NaN) };
  t.same(readBoxes(broken, [], frame, { ...wanted(0.5), lowScoreMin: 0 }), {
    detections: [],
    low_score_detections: [],
  });
});

t.test('boxes below the threshold are told apart, of the wanted classes only', async (t) => {
  const low = (more: Partial<Wanted>) =>
    readBoxes(output, ['red', 'blue'], frame, { ...wanted(0.75), lowScoreMin: 0.1, ...more });
  const scores = (found: readonly Detection[] = []) => found.map(({ confidence }) => confidence);
  t.same(scores(low({}).detections), [0.9, 0.8]);
  t.same(scores(low({}).low_score_detections), [0.3, 0.7]);
  t.same(scores(low({ lowScoreMin: 0.5 }).low_score_detections), [0.7]);
  t.same(scores(low({ classes: ['red'] }).low_score_detections), [0.3]);
  t.same(scores(low({ confidenceThreshold: 0.1, lowScoreMin: 0.5 }).low_score_detections), []);
});
