import t from 'tap';
import { ages } from './ages.js';
import { relayWith, unitsOf } from './rtsp-media.js';

t.test('a camera with other video is read by ffmpeg', async (t) => {
  await using camera = await relayWith(['-c:v', 'mpeg4']);
  await camera.published();
  await t.rejects(unitsOf(camera.url, 1), { code: 'CAMERA_OTHER_CODEC', codec: 'MP4V-ES' });
  t.equal((await ages(camera.url)).length, 30);
});
