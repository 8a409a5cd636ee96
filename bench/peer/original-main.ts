// The original design, as small as it can be: one process that captures, infers, draws, encodes to base64 and sends, in
// one loop. STREAM_URL, MODEL, FPS and MIN_INFERENCE_MS say with what. Prints its port.
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { findModel } from '@framebus/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { WebSocketServer } from 'ws';

const [width, height] = [800, 450];
const { STREAM_URL = '', MODEL = 'nano', FPS = '10', MIN_INFERENCE_MS = '0' } = process.env;
const { file, size } = await findModel(MODEL);
const [inputWidth, inputHeight] = size;
const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});

const ffmpeg = spawn(
  'ffmpeg',
  [
    ...[
      '-hide_banner',
      '-nostdin',
      '-loglevel',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      STREAM_URL,
    ],
    ...['-vf', `fps=${FPS},scale=${width}:${height},format=rgb24`, '-f', 'rawvideo', 'pipe:1'],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
process.on('exit', () => ffmpeg.kill('SIGKILL'));
process.on('SIGTERM', () => process.exit(0));

async function analyse(rgb: Buffer, frame_index: number, captured_at: number): Promise<void> {
  const raw = { width, height, channels: 3 as const };
  const small = await sharp(rgb, { raw })
    .resize(inputWidth, inputHeight, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const plane = inputWidth * inputHeight;
  const pixels = new Float32Array(3 * plane);
  for (let i = 0, j = 0; i < plane; i++, j += 3) {
    for (let c = 0; c < 3; c++) pixels[i + c * plane] = (small[j + c] as number) / 255;
  }
  const started = performance.now();
  const { labels, boxes, scores } = await session.run({
    images: new Tensor('float32', pixels, [1, 3, inputHeight, inputWidth]),
    orig_target_sizes: new Tensor('int64', BigInt64Array.of(BigInt(width), BigInt(height)), [1, 2]),
  });
  const left = Number(MIN_INFERENCE_MS) - (performance.now() - started);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  const detections = Array.from((scores as Tensor).data as Float32Array).flatMap(
    (confidence, i) => {
      const bbox = Array.from(((boxes as Tensor).data as Float32Array).subarray(4 * i, 4 * i + 4));
      const class_id = Number(((labels as Tensor).data as BigInt64Array)[i]);
      return confidence >= 0.5 ? [{ class_id, class_name: `${class_id}`, confidence, bbox }] : [];
    },
  );
  const outlines = detections.map(({ bbox: [x1 = 0, y1 = 0, x2 = 0, y2 = 0] }) => {
    const box = `x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}"`;
    return `<rect ${box} fill="none" stroke="red" stroke-width="2"/>`;
  });
  const svg = `<svg width="${width}" height="${height}">${outlines.join('')}</svg>`;
  const drawn = sharp(rgb, { raw }).composite([{ input: Buffer.from(svg) }]);
  const jpeg = await drawn.jpeg({ quality: 70 }).toBuffer();
  const annotated_frame = jpeg.toString('base64');
  const message = { type: 'frame_result', frame_index, captured_at, detections, annotated_frame };
  for (const client of server.clients) client.send(JSON.stringify(message));
}

let waiting = Buffer.alloc(0);
let frames = 0;
/** ms since the epoch of the camera's frame 0: ffmpeg gives those of its probing in a burst, which are older than that. */
let beganAt = Number.POSITIVE_INFINITY;
const intervalMs = 1_000 / Number(FPS);
for await (const chunk of ffmpeg.stdout) {
  waiting = Buffer.concat([waiting, chunk as Buffer]);
  while (waiting.length >= 3 * width * height) {
    const rgb = waiting.subarray(0, 3 * width * height);
    waiting = waiting.subarray(3 * width * height);
    // A camera gives its frames at its own pace, whatever waits in pipes.
    beganAt = Math.min(beganAt, Date.now() - intervalMs * frames);
    await analyse(rgb, frames + 1, beganAt + intervalMs * frames);
    frames++;
  }
}
