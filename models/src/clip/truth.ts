import { readFile } from 'node:fs/promises';
import type { Box } from './box.js';
import { CLASSES } from './colour.js';

/** An object that a frame of the clip shows. Names are those of a detection event. */
export interface TrueObject {
  readonly class_id: number;
  readonly class_name: string;
  /** Around the visible pixels, in pixels of the clip. */
  readonly bbox: Box;
  /** True when less than 32 pixels of it are visible one way: it may be missed. */
  readonly partial?: true;
}

/** What each frame of a clip shows. */
export interface GroundTruth {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** By frame number. */
  readonly frames: readonly (readonly TrueObject[])[];
}

const PARTIAL_PIXELS = 32;

export function trueObject(classId: number, bbox: Box): TrueObject {
  const side = Math.min(bbox[2] - bbox[0], bbox[3] - bbox[1]);
  return {
    class_id: classId,
    class_name: CLASSES[classId]!.name,
    bbox,
    ...(side < PARTIAL_PIXELS && { partial: true }),
  };
}

/** Reads the JSON file that lies beside a clip. */
export async function readGroundTruth(file: string): Promise<GroundTruth> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** One line a frame. */
export function formatGroundTruth({ frames, ...about }: GroundTruth): string {
  const head = JSON.stringify(about).slice(0, -1);
  return `${head},"frames":[\n${frames.map((frame) => JSON.stringify(frame)).join(',\n')}\n]}\n`;
}
