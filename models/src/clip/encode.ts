import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { FPS, HEIGHT, type Picture, WIDTH } from './picture.js';

const KEYFRAME_EVERY = 25;

/** How to encode. */
export interface Encoding {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Constant quality of x264, or bits a second as ffmpeg writes them. */
  readonly rate: { readonly crf: number } | { readonly bitrate: string };
}

const CLIP: Encoding = { width: WIDTH, height: HEIGHT, fps: FPS, rate: { bitrate: '1100k' } };

/** Encodes pictures, as they come, to an H.264 file in MP4. Needs ffmpeg. */
export async function encode(
  file: string,
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
  encoding = CLIP,
): Promise<void> {
  const ffmpeg = spawn('ffmpeg', ffmpegArguments(file, encoding), {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exit = once(ffmpeg, 'close');
  // A dead ffmpeg shows as its exit code, which says more than a broken pipe.
  const written = finished(ffmpeg.stdin, { readable: false }).catch(() => undefined);
  for await (const { rgb } of pictures) {
    if (!ffmpeg.stdin.writable) break;
    // Copied: the next picture may be drawn into the same bytes before this one is written.
    if (!ffmpeg.stdin.write(rgb.slice())) {
      await Promise.race([once(ffmpeg.stdin, 'drain'), written]);
    }
  }
  ffmpeg.stdin.end();
  await written;
  const [code] = await exit;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${file}`);
}

function ffmpegArguments(file: string, { width, height, fps, rate }: Encoding): string[] {
  const input = `-f rawvideo -pix_fmt rgb24 -video_size ${width}x${height} -framerate ${fps} -i -`;
  // No B frames: cameras send none, and frames then come in the order that they are shown.
  const h264 = `-c:v libx264 -preset medium -pix_fmt yuv420p -bf 0 -g ${KEYFRAME_EVERY}`;
  // No -maxrate: with it, and more than one thread, x264 gives other bytes each time.
  const quality = 'crf' in rate ? `-crf ${rate.crf}` : `-b:v ${rate.bitrate}`;
  // Nothing of the encoder's version in the file: the same build gives the same bytes.
  const output = '-an -sn -movflags +faststart -fflags +bitexact -flags:v +bitexact -y';
  return ['-hide_banner', '-loglevel', 'error']
    .concat(`${input} ${h264} ${quality} -threads 2 ${output}`.split(' '))
    .concat(file);
}
