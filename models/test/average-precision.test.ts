import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '@framebus/models/clip';
import { averagePrecision, type ImageResult } from '@framebus/models/score';
import t from 'tap';

const object = (bbox: Box, partial = false) => ({
  class_id: 0,
  class_name: 'car',
  bbox,
  ...(partial && { partial: true as const }),
});
const found = (confidence: number, bbox: Box) => ({ class_id: 0, confidence, bbox });
const here: Box = [0, 0, 100, 100];
const there: Box = [200, 0, 300, 100];

t.test('a detector that finds all and nothing else has 1', (t) => {
  const images = [
    { objects: [object(here), object(there)], detections: [found(0.4, here), found(0.9, there)] },
  ];
  t.match(averagePrecision(images, 1), { ap50: 1, ap: 1, images: 1, classes: [{ objects: 2 }] });
  t.end();
});

t.test('half of the objects found is 51 of 101 points of recall', (t) => {
  const images = [{ objects: [object(here), object(there)], detections: [found(0.9, here)] }];
  t.equal(averagePrecision(images, 1).ap50, 51 / 101);
  t.end();
});

t.test('a wrong detection costs when it is surer than a right one', (t) => {
  const objects = [object(here)];
  const after = [{ objects, detections: [found(0.9, here), found(0.5, there)] }];
  const before = [{ objects, detections: [found(0.5, here), found(0.9, there)] }];
  t.equal(averagePrecision(after, 1).ap50, 1);
  t.equal(averagePrecision(before, 1).ap50, 0.5);
  t.end();
});

t.test('a second detection of an object is wrong', (t) => {
  const images = [
    {
      objects: [object(here), object(there)],
      detections: [found(0.9, here), found(0.8, here), found(0.7, there)],
    },
  ];
  // 51 points at precision 1, 50 at 2/3.
  t.ok(Math.abs(averagePrecision(images, 1).ap50 - (51 + (50 * 2) / 3) / 101) < 1e-12);
  t.end();
});

t.test('a box counts up to its overlap: IoU 0.8 passes 7 of the 10 bars', (t) => {
  const images = [{ objects: [object(here)], detections: [found(0.9, [0, 0, 100, 81])] }];
  const { ap, ap50 } = averagePrecision(images, 1);
  t.equal(ap50, 1);
  t.ok(Math.abs(ap - 0.7) < 1e-12);
  t.end();
});

t.test('partial objects are neither demanded nor counted against a detector', (t) => {
  const objects = [object(here), object(there, true)];
  const silent = [{ objects, detections: [found(0.5, here)] }];
  const eager = [
    { objects, detections: [found(0.9, there), found(0.8, [210, 0, 290, 90]), found(0.5, here)] },
  ];
  t.match(averagePrecision(silent, 1), { ap50: 1, classes: [{ objects: 1 }] });
  t.equal(averagePrecision(eager, 1).ap50, 1);
  t.end();
});

t.test('classes without objects are left out of the means; without any there is no figure', (t) => {
  const images = [
    {
      objects: [object(here)],
      detections: [found(0.9, here), { ...found(0.9, here), class_id: 1 }],
    },
  ];
  t.match(averagePrecision(images, 2), { ap50: 1, classes: [{ classId: 0 }] });
  t.ok(Number.isNaN(averagePrecision([{ objects: [], detections: [] }], 2).ap));
  t.end();
});

t.test('the figures are those of pycocotools', async (t) => {
  const file = join(import.meta.dirname, '..', '..', 'fixtures', 'average-precision.json');
  const { images, expected } = JSON.parse(await readFile(file, 'utf8'));
  const report = averagePrecision(images as ImageResult[], 3);
  const pairs = [
    [report, expected],
    ...report.classes.map((own) => [own, expected.classes[own.classId]]),
  ];
  t.equal(pairs.length, 4);
  for (const [own, other] of pairs) {
    t.ok(Math.abs(own.ap50 - other.ap50) < 1e-9, `${own.ap50} is ${other.ap50}`);
    t.ok(Math.abs(own.ap - other.ap) < 1e-9, `${own.ap} is ${other.ap}`);
  }
});
