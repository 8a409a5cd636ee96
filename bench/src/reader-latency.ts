import { everyCamera } from '@framebus/ingest/dist/src/allowed-cameras.js';
import { readCamera } from '@framebus/ingest/dist/src/camera-reader.js';
import { Child, freePort, publishTestPicture, repositoryFile, until } from '@framebus/test';
import type { Row } from './row.js';
import { quantile } from './statistics.js';

const pictures = 150;

/** From a picture's arrival to its JPEG in ingest: ffmpeg's own RTSP, then ours, on one camera of 25 fps. */
export async function readerLatency(): Promise<Row> {
  const port = await freePort();
  const url = `rtsp://127.0.0.1:${port}/camera`;
  const main = repositoryFile('compose/dist/src/relay/main.js');
  await using relay = await Child.start(process.execPath, [main], { RTSP_PORT: `${port}` });
  await until('relay listens', () => relay.output.includes('relay listens'));
  await using _camera = await publishTestPicture(url, 25);
  const before = await ages(url, 'ffmpeg');
  const after = await ages(url, 'framebus');
  const [slow, fast] = [quantile(before, 0.5), quantile(after, 0.5)];
  const p99s = [before, after].map((values) => quantile(values, 0.99));
  return {
    what: `arrival of a picture to its JPEG in ingest, camera of 25 fps, ${pictures} pictures`,
    measured: `ffmpeg's RTSP p50 ${slow} ms, p99 ${p99s[0]} ms; ours p50 ${fast} ms, p99 ${p99s[1]} ms`,
    bar: 'a frame interval (40 ms) less 10 ms is saved',
    reached: slow - fast >= 30,
  };
}

/** ms from `capturedAt` to the picture, of settled pictures. */
async function ages(url: string, rtsp: string): Promise<number[]> {
  const spec = {
    ...{ stream_url: url, fps: 60, max_width: 800, jpeg_quality: 70 },
    ...{ enable_drawing: false, confidence_threshold: 0.5, classes: [] },
  };
  const options = {
    ...{ cameras: everyCamera, ffmpegPath: 'ffmpeg', hwaccel: 'none' },
    ...{ frameTimeoutMs: 10_000, rtsp },
  };
  const seen: number[] = [];
  await until(
    'pictures',
    async () => {
      const stop = new AbortController();
      await readCamera(spec, options, stop.signal, ({ capturedAt }) => {
        seen.push(Date.now() - capturedAt);
        if (seen.length === pictures + 50) stop.abort();
      });
      return seen.length >= pictures + 50;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  return seen.slice(50);
}
