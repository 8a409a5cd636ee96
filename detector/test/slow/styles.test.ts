import { readFile } from 'node:fs/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { distance, type Found, fixture, frame, readReference } from '../fixtures.js';
import { setUp } from '../set-up.js';
import { giveTurn } from '../turns.js';

t.test('every export style gives the same event for the same frame', async (t) => {
  const reference = (await readReference()).filter(({ score }) => score > 0.5);
  const png = await readFile(fixture('picture.png'));
  for (const file of ['authors.onnx', 'hugging-face.onnx', 'ultralytics-classes.onnx']) {
    const { bus, events } = await setUp(t, {
      DETECTOR_MODEL: fixture(file),
      DETECTOR_LABELS: fixture('labels.json'),
    });
    await giveTurn(bus, 'a', png, 1, 0, frame);
    await until(`event of ${file}`, () => events.length > 0);
    const found = (events[0]?.detections ?? []).map((each) => ({
      label: each.class_id,
      name: each.class_name,
      score: each.confidence,
      box: each.bbox,
    }));
    found.sort((a, b) => b.score - a.score);
    t.same(
      found.map(({ label, name }) => [label, name]),
      reference.map(({ label }) => [label, `class ${'abcde'[label]}`]),
      file,
    );
    const { pixels, score } = distance(found, reference.map(inFrame));
    t.ok(pixels < 0.5, `${file}: boxes differ by ${pixels} px`);
    t.ok(score < 1e-3, `${file}: scores differ by ${score}`);
  }
});

/** With the box clipped, as in events. */
function inFrame(found: Found): Found {
  const within = (edge: number, side: number) =>
    Math.min(side % 2 === 0 ? frame.width : frame.height, Math.max(0, edge));
  return { ...found, box: found.box.map(within) };
}
