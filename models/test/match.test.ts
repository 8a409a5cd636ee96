import { type Box, iou, matchBoxes } from '@framebus/models/clip';
import t from 'tap';

const red = (bbox: Box) => ({ class_id: 0, class_name: 'red object', bbox });
const blue = (bbox: Box) => ({ class_id: 4, class_name: 'blue object', bbox });

t.test('IoU is the shared part of two boxes', (t) => {
  t.equal(iou([0, 0, 10, 10], [0, 0, 10, 10]), 1);
  t.equal(iou([0, 0, 10, 10], [5, 0, 15, 10]), 1 / 3);
  t.equal(iou([0, 0, 10, 10], [10, 0, 20, 10]), 0);
  t.equal(iou([0, 0, 10, 10], [20, 20, 30, 30]), 0);
  t.end();
});

t.test('an object takes its best detection, and the second one is extra', (t) => {
  const object = red([0, 0, 100, 100]);
  const good = red([0, 0, 100, 95]);
  const worse = red([0, 0, 100, 80]);
  const match = matchBoxes([object], [worse, good], 0.5);
  t.same(match.matched, [{ object, found: good, iou: 0.95 }]);
  t.same(match.ious, [0.95]);
  t.same(match.extra, [worse]);
  t.same(match.missed, []);
  t.end();
});

t.test('a detection of another class or elsewhere matches nothing', (t) => {
  const object = red([0, 0, 100, 100]);
  const wrong = [blue([0, 0, 100, 100]), red([60, 0, 160, 100])];
  const match = matchBoxes([object], wrong, 0.5);
  t.same([match.matched, match.missed, match.extra], [[], [object], wrong]);
  t.end();
});

t.test('a partial object may be missed or found badly', (t) => {
  const object = { ...red([0, 0, 10, 100]), partial: true as const };
  t.same(matchBoxes([object], [], 0.5).missed, []);
  const match = matchBoxes([object], [red([0, 0, 30, 100])], 0.5);
  t.same([match.matched, match.missed, match.extra], [[], [], []]);
  t.end();
});
