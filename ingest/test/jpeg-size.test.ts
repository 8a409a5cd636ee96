import { execFileSync } from 'node:child_process';
import t from 'tap';
import { JpegError, jpegSize } from '../src/jpeg-size.js';

function picture(width: number, height: number): Buffer {
  const source = `testsrc2=size=${width}x${height}`;
  const args = ['-loglevel', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'];
  return execFileSync('ffmpeg', [...args, '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', '-']);
}

t.test('the size is that of the picture', (t) => {
  t.same(jpegSize(picture(64, 48)), { width: 64, height: 48 });
  t.same(jpegSize(picture(1918, 270)), { width: 1918, height: 270 });
  t.end();
});

t.test('fill bytes before a marker are skipped', (t) => {
  const jpeg = picture(32, 16);
  const filled = Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, 0xff), jpeg.subarray(2)]);
  t.same(jpegSize(filled), { width: 32, height: 16 });
  t.end();
});

t.test('what is no JPEG is an error', (t) => {
  const jpeg = picture(32, 16);
  t.throws(() => jpegSize(Buffer.alloc(0)), JpegError);
  t.throws(() => jpegSize(Buffer.from('not a JPEG, but some text')), JpegError);
  t.throws(() => jpegSize(jpeg.subarray(0, 30)), JpegError, 'cut before the frame header');
  t.throws(() => jpegSize(Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(5)])), JpegError);
  t.end();
});
