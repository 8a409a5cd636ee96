import { everyCamera } from '../src/allowed-cameras.js';
import { readCamera } from '../src/camera-reader.js';

const spec = {
  enable_drawing: true,
  fps: 60,
  max_width: 800,
  jpeg_quality: 70,
  confidence_threshold: 0.5,
  classes: [],
};

/** How old the pictures of a camera are when they come, in ms, once it has settled. */
export async function ages(stream_url: string, rtsp?: string): Promise<number[]> {
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
