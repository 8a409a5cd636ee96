import t from 'tap';
import { ages } from '../ages.js';
import { relayWith } from '../rtsp-media.js';

t.test('pictures come a frame interval sooner than through the RTSP of ffmpeg', async (t) => {
  await using camera = await relayWith(['-c:v', 'libx264', '-tune', 'zerolatency']);
  await camera.published();
  const [slow = 0, fast = 0] = [
    (await ages(camera.url, 'ffmpeg'))[15],
    (await ages(camera.url, 'framebus'))[15],
  ];
  t.ok(slow - fast >= 20, `${slow} ms, then ${fast} ms, at 25 fps`);
});
