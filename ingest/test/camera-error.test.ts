import t from 'tap';
import { cameraErrorOf } from '../src/camera-error.js';

t.test("ffmpeg's last line is shown where its cause is not known, without credentials", (t) => {
  const error = cameraErrorOf('first\nrtsp://me:hush@camera/x: Invalid data found\n');
  t.equal(error.code, 'CAMERA_FAILED');
  t.equal(error.message, 'ffmpeg: rtsp://***@camera/x: Invalid data found');
  t.end();
});

t.test('an end without words is the end of the stream', (t) => {
  t.equal(cameraErrorOf('').code, 'CAMERA_ENDED');
  t.end();
});
