import t from 'tap';
import { loadFixture } from '../fixtures.js';

t.test('graphs that only look like RT-DETR are refused', async (t) => {
  const cases = [
    ['yolo.onnx', 5, /rows of 8400 numbers; expected 4 \+ 5/],
    ['yolo-end-to-end.onnx', 5, /not within 0 to 1.*YOLO/],
    ['yolo-nms.onnx', 5, /or empty.*YOLO/],
    [
      'batch-8.onnx',
      5,
      /takes 8 at once .*pixel_values float32 \[8, 3, 640, 640\]\): set DETECTOR_BATCH=8/,
    ],
    ['hugging-face.onnx', 4, /logits have 5 classes, but 4 class names/],
    ['ultralytics-classes.onnx', 80, /rows of 9 numbers; expected 4 \+ 80/],
  ] as const;
  for (const [file, classes, words] of cases) {
    await t.rejects(
      loadFixture(file, { classes }),
      { name: 'UnknownModelError', message: words },
      file,
    );
  }
});
