import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionSpec } from '@framebus/contract';
import { freePort } from '@framebus/test';
import t from 'tap';
import { everyCamera } from '../src/allowed-cameras.js';
import { type Picture, readCamera } from '../src/camera-reader.js';
import { ascends } from './frame-tap.js';
import { RtspCamera } from './rtsp-camera.js';

const options = {
  ...{ cameras: everyCamera, ffmpegPath: 'ffmpeg', hwaccel: 'none', frameTimeoutMs: 10_000 },
};

function spec(stream_url: string, more: Partial<SessionSpec> = {}): SessionSpec {
  return {
    stream_url,
    enable_drawing: true,
    fps: 10,
    max_width: 800,
    jpeg_quality: 70,
    confidence_threshold: 0.5,
    classes: [],
    ...more,
  };
}

/** The pictures of `seconds` from the first one on, each with how old it was. */
async function pictures(wanted: SessionSpec, seconds: number) {
  const stop = new AbortController();
  const seen: (Picture & { readonly ageMs: number })[] = [];
  await readCamera(wanted, options, stop.signal, (picture) => {
    if (seen.length === 0) setTimeout(() => stop.abort(), seconds * 1_000);
    seen.push({ ...picture, ageMs: Date.now() - picture.capturedAt });
  });
  return seen;
}

t.test('a faster camera is sampled to the wanted rate', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'test:640x480@25' });
  for (const fps of [5, 10]) {
    const seen = await pictures(spec(camera.url('cam'), { fps }), 3);
    // The first few come at once, out of what ffmpeg read to know the stream.
    t.ok(
      seen.length >= 3 * fps - 2 && seen.length <= 3 * fps + 6,
      `${seen.length} pictures in 3 s at ${fps} fps`,
    );
  }
});

t.test('a slower camera gives each of its pictures once', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'test:320x240@10' });
  const seen = await pictures(spec(camera.url('cam'), { fps: 60 }), 3);
  t.ok(seen.length >= 28 && seen.length <= 34, `${seen.length} pictures in 3 s of 10 fps`);
  t.ok(ascends(seen.slice(4).map((picture) => picture.capturedAt)));
});

t.test('pictures are no wider than wanted, and a smaller camera is not blown up', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'test:640x480@10' });
  const narrow = await pictures(spec(camera.url('cam'), { max_width: 200 }), 0.3);
  t.match(narrow[0], { width: 200, height: 150 });
  const own = await pictures(spec(camera.url('cam'), { max_width: 3840 }), 0.3);
  t.match(own[0], { width: 640, height: 480 });
});

t.test('with B-frames pictures come in order, all of them, with fresh times', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'framebus-test-clip-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const clip = join(folder, 'clip.mkv');
  // A bright area grows, so that each picture is brighter than the one before.
  const source = "color=s=320x240:r=25:d=6,geq=lum='if(lt(X,2*N+10),220,30)':cb=128:cr=128";
  const encoder = [
    '-c:v',
    'libx264',
    '-bf',
    '3',
    '-x264-params',
    'b-adapt=0:scenecut=0',
    '-g',
    '50',
  ];
  const made = ['-loglevel', 'error', '-f', 'lavfi', '-i', source, ...encoder, clip];
  execFileSync('ffmpeg', [...made.slice(0, -1), '-pix_fmt', 'yuv420p', clip]);
  const types = execFileSync('ffprobe', [
    ...['-v', 'error', '-show_entries', 'frame=pict_type', '-of', 'csv=p=0', clip],
  ]).toString();
  t.ok(types.split('\n').filter((type) => type.startsWith('B')).length > 60, 'has B-frames');

  await using camera = await RtspCamera.start({ clip: `file:${clip}` });
  const seen = await pictures(spec(camera.url('clip'), { fps: 60, jpeg_quality: 90 }), 4);
  t.ok(seen.length >= 90, `${seen.length} of about 100 pictures`);
  const settled = seen.slice(15);
  t.ok(neverFalls(settled.map((picture) => picture.capturedAt)), 'times never run backwards');
  const ages = settled.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
  t.ok((ages[0] ?? -1) >= 0, 'no time is ahead');
  // On a busy machine some are late.
  const median = ages[Math.floor(ages.length / 2)] ?? Number.POSITIVE_INFINITY;
  t.ok(median < 500, `times are fresh: ${Math.round(median)} ms`);
  const brightness = brightnessOf(settled);
  t.ok(
    brightness.every((value, at) => at === 0 || value >= (brightness[at - 1] ?? 0)),
    'pictures are in order',
  );
});

t.test('why a camera cannot be read is said in words', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'joe:hush@test:320x240@10' });
  await using sound = await RtspCamera.start({ sound: 'audio' });
  const cases = {
    CAMERA_REFUSED: `rtsp://127.0.0.1:${await freePort()}/cam`,
    CAMERA_NOT_FOUND: sound.url('nothing'),
    CAMERA_UNAUTHORISED: camera.url('cam', 'joe:wrong@'),
    CAMERA_NO_VIDEO: sound.url('sound'),
    CAMERA_HOST_UNKNOWN: 'rtsp://no-such-host.invalid/cam',
  };
  const never = new AbortController().signal;
  for (const [code, url] of Object.entries(cases)) {
    await t.rejects(
      readCamera(spec(url), options, never, () => {}),
      { code },
      url,
    );
  }
  const seen = await pictures(spec(camera.url('cam', 'joe:hush@')), 0.3);
  t.ok(seen.length > 0, 'the right password opens it');
});

t.test('a camera that ends is an error, one that is no longer wanted is none', async (t) => {
  const camera = await RtspCamera.start({ cam: 'test:320x240@10' });
  t.teardown(() => camera.down());
  const stop = new AbortController();
  await readCamera(spec(camera.url('cam')), options, stop.signal, () => stop.abort());
  await readCamera(spec(camera.url('cam')), options, AbortSignal.abort(), () => t.fail('read'));
  const reading = readCamera(spec(camera.url('cam')), options, new AbortController().signal, () => {
    void camera.down();
  });
  await t.rejects(reading, { name: 'CameraError' });
});

t.test('a program that is not there is an error', async (t) => {
  const missing = { ...options, ffmpegPath: '/no/such/ffmpeg' };
  const never = new AbortController().signal;
  await t.rejects(
    readCamera(spec('rtsp://127.0.0.1/x'), missing, never, () => {}),
    {
      name: 'CameraError',
    },
  );
});

function neverFalls(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0));
}

function brightnessOf(pictures: readonly Picture[]): number[] {
  const args = ['-loglevel', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'scale=1:1'];
  return [
    ...execFileSync('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], {
      input: Buffer.concat(pictures.map(({ jpeg }) => jpeg)),
    }),
  ];
}
