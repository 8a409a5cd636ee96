import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Size of the pictures that ingest publishes of the clip. */
export const PUBLISHED = { width: 800, height: 450 } as const;

/**
 * Decodes a clip with ffmpeg, scaled to the published size: one rgb24 picture after the other.
 * @param count frames to decode at most
 */
export async function* decodeFrames(file: string, count = 10_000): AsyncGenerator<Uint8Array> {
  const { width, height } = PUBLISHED;
  const scale = `-frames:v ${count} -vf scale=${width}:${height} -pix_fmt rgb24 -f rawvideo -`;
  const ffmpeg = spawn('ffmpeg', ['-loglevel', 'error', '-i', file, ...scale.split(' ')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(ffmpeg, 'close');
  const size = width * height * 3;
  let rest = Buffer.alloc(0);
  for await (const chunk of ffmpeg.stdout) {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= size; rest = rest.subarray(size)) yield rest.subarray(0, size);
  }
  const [code] = await exit;
  if (code !== 0 || rest.length > 0) throw new Error(`ffmpeg ended with ${code} on ${file}`);
}
