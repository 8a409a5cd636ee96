/// <reference lib="dom" />
import { readFrameNumber } from '@framebus/models/clip';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** One moment of the page's live video of the demo clip. */
export interface Sample {
  /** Frame of the clip that the video shows. */
  readonly clip: number;
  /** Frame index of the boxes over it. */
  readonly index: number;
  /** How far off the page said then that the boxes are, in ms; NaN: it did not know. */
  readonly toldMs: number;
  /** How late the browser was to tell of the video's frame: the machine's own lag, in ms. */
  readonly lagMs: number;
}

const width = 640;
const height = 360;

/** Which frame of the clip a JPEG shows. */
export async function clipFrame(jpeg: Uint8Array): Promise<number | undefined> {
  const { data, info } = await sharp(jpeg)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readFrameNumber(data, info.width, info.height);
}

/** Looks at the video of the camera in large again and again, with the boxes that are over it in that moment. */
export async function sampleVideo(page: Page, count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < count; i++) {
    const { jpeg, ...rest } = await page.evaluate(takeSample, { width, height });
    const clip = await clipFrame(Buffer.from(jpeg.slice(jpeg.indexOf(',') + 1), 'base64'));
    if (clip !== undefined) samples.push({ clip, ...rest });
  }
  return samples;
}

/** In the page. */
function takeSample(size: { width: number; height: number }) {
  const video = document.querySelector<HTMLVideoElement>('#large video');
  const boxes = document.querySelector<HTMLCanvasElement>('#large canvas');
  if (video === null || boxes === null) throw new Error('no live video');
  return new Promise<{ jpeg: string } & Omit<Sample, 'clip'>>((resolve) => {
    video.requestVideoFrameCallback((_now, { expectedDisplayTime }) => {
      const lagMs = Math.max(performance.now() - expectedDisplayTime, 0);
      const words = document.querySelector('#large .live-off')?.textContent ?? '';
      const toldMs = Number(/\d+/.exec(words)?.[0] ?? Number.NaN);
      const index = Number(boxes.dataset['frameIndex']);
      const canvas = document.createElement('canvas');
      Object.assign(canvas, size);
      canvas.getContext('2d')?.drawImage(video, 0, 0, size.width, size.height);
      resolve({ jpeg: canvas.toDataURL('image/jpeg', 0.9), index, toldMs, lagMs });
    });
  });
}
