import { readFile } from 'node:fs/promises';
import { findModel } from '@framebus/models';
import type { Box } from '@framebus/models/clip';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { PUBLISHED } from './frames.js';

/** What the model says about one picture, in the words of a detection event. */
export interface Detection {
  readonly class_id: number;
  readonly class_name: string;
  readonly confidence: number;
  readonly bbox: Box;
}

const SIZE = 640;
const QUERIES = 300;

/** Opens the shapes model. */
export async function openShapes(threads: number): Promise<InferenceSession> {
  const { file } = await findModel('shapes');
  return await InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 });
}

/** The class names of the shapes model, in class-id order. */
export async function shapesLabels(): Promise<string[]> {
  return JSON.parse(await readFile((await findModel('shapes')).labels, 'utf8'));
}

/** A published picture as the model gets it: through JPEG, stretched, planes of 0 to 1. */
export async function toInput(rgb: Uint8Array): Promise<Float32Array> {
  const jpeg = await sharp(rgb, { raw: { ...PUBLISHED, channels: 3 } })
    .jpeg({ quality: 70 })
    .toBuffer();
  const pixels = await sharp(jpeg).resize(SIZE, SIZE, { fit: 'fill' }).raw().toBuffer();
  return planes(pixels);
}

/** From rgb24 of 640x640 pixels to the model's input for one picture. */
export function planes(pixels: Uint8Array): Float32Array {
  const plane = SIZE * SIZE;
  const input = new Float32Array(plane * 3);
  for (let i = 0; i < plane; i++) {
    input[i] = pixels[i * 3]! / 255;
    input[i + plane] = pixels[i * 3 + 1]! / 255;
    input[i + plane * 2] = pixels[i * 3 + 2]! / 255;
  }
  return input;
}

/** The model's inputs for pictures that shall be answered in pixels of `size`. */
export function feedsOf(
  inputs: readonly Float32Array[],
  size: readonly [width: number, height: number],
): Record<string, Tensor> {
  const images = new Float32Array(inputs.length * 3 * SIZE * SIZE);
  inputs.forEach((input, i) => {
    images.set(input, i * input.length);
  });
  const sizes = BigInt64Array.from(inputs.flatMap(() => size.map(BigInt)));
  return {
    images: new Tensor('float32', images, [inputs.length, 3, SIZE, SIZE]),
    orig_target_sizes: new Tensor('int64', sizes, [inputs.length, 2]),
  };
}

/** Runs the model on pictures at once. @returns per picture, what scores at least `minScore` */
export async function detect(
  session: InferenceSession,
  inputs: readonly Float32Array[],
  size: readonly [width: number, height: number],
  minScore = 0.5,
): Promise<Detection[][]> {
  const names = await shapesLabels();
  const { labels, boxes, scores } = await session.run(feedsOf(inputs, size));
  const ids = labels!.data as BigInt64Array;
  const corners = boxes!.data as Float32Array;
  const confidences = scores!.data as Float32Array;
  return inputs.map((_, picture) => {
    const detections: Detection[] = [];
    for (let at = picture * QUERIES; at < (picture + 1) * QUERIES; at++) {
      if (confidences[at]! < minScore) continue;
      const classId = Number(ids[at]);
      const [x1, y1, x2, y2] = corners.subarray(at * 4, at * 4 + 4) as unknown as Box;
      detections.push({
        class_id: classId,
        class_name: names[classId]!,
        confidence: confidences[at]!,
        bbox: [x1, y1, x2, y2],
      });
    }
    return detections;
  });
}
