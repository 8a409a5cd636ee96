import t from 'tap';
import { everyCamera } from '../src/allowed-cameras.js';
import { readCamera } from '../src/camera-reader.js';
import { relayWith, unitsOf } from './rtsp-media.js';

const spec = {
  enable_drawing: true,
  fps: 60,
  max_width: 800,
  jpeg_quality: 70,
  confidence_threshold: 0.5,
  classes: [],
};

/** How old the pictures of a camera are when they come, in ms, once it has settled. */
async function ages(stream_url: string, rtsp?: string): Promise<number[]> {
  const options = {
    ...{ cameras: everyCamera, ffmpegPath: 'ffmpeg', hwaccel: 'none', frameTimeoutMs: 10_000 },
  };
  const seen: number[] = [];
  const stop = new AbortController();
  await readCamera(
    { ...spec, stream_url },
    rtsp === undefined ? options : { ...options, rtsp },
    AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
    ({ capturedAt }) => {
      seen.push(Date.now() - capturedAt);
      if (seen.length === 60) stop.abort();
    },
  );
  return seen.slice(30).sort((a, b) => a - b);
}

t.test('a camera with other video is read by ffmpeg', async (t) => {
  await using camera = await relayWith(['-c:v', 'mpeg4']);
  await camera.published();
  await t.rejects(unitsOf(camera.url, 1), { code: 'CAMERA_OTHER_CODEC', codec: 'MP4V-ES' });
  t.equal((await ages(camera.url)).length, 30);
});

t.test('pictures come a frame interval sooner than through the RTSP of ffmpeg', async (t) => {
  await using camera = await relayWith(['-c:v', 'libx264', '-tune', 'zerolatency']);
  await camera.published();
  const [slow = 0, fast = 0] = [
    (await ages(camera.url, 'ffmpeg'))[15],
    (await ages(camera.url, 'framebus'))[15],
  ];
  t.ok(slow - fast >= 20, `${slow} ms, then ${fast} ms, at 25 fps`);
});
