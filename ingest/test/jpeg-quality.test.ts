import t from 'tap';
import { mjpegScale } from '../src/jpeg-quality.js';

t.test("qualities become scales within mjpeg's range, the better the smaller", (t) => {
  t.same([1, 10, 50, 70, 80, 90, 100].map(mjpegScale), [31, 31, 10, 6, 4, 2, 2]);
  for (let quality = 2; quality <= 100; quality += 1) {
    t.ok(mjpegScale(quality) <= mjpegScale(quality - 1));
  }
  t.end();
});
