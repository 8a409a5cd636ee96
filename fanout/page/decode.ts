import type { DecodeAnswer, DecodeRequest } from './decode-worker.js';

/** Two are enough: a picture takes a few ms, and the page's cores have more to do. */
const workers = 2;
const waiting = new Map<number, (bitmap: ImageBitmap | null) => void>();
let pool: Worker[] | undefined;
let count = 0;

/** A JPEG as a bitmap of that size (0: its own), decoded off the page's thread; null when it is no picture. */
export function decodeJpeg(
  jpeg: Uint8Array<ArrayBuffer>,
  width: number,
  height: number,
): Promise<ImageBitmap | null> {
  pool ??= Array.from({ length: workers }, start);
  const id = count++;
  const request: DecodeRequest = { id, jpeg, width, height };
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    pool?.[id % workers]?.postMessage(request);
  });
}

function start(): Worker {
  const worker = new Worker(new URL('decode-worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data: { id, bitmap } }: MessageEvent<DecodeAnswer>) => {
    const resolve = waiting.get(id);
    waiting.delete(id);
    if (resolve === undefined) bitmap?.close();
    else resolve(bitmap);
  };
  return worker;
}
