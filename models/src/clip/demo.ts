import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '..', 'shapes');

/** Absolute paths of the clip that ships with framebus, and of the truth about it. */
export const demoClip = {
  file: join(folder, 'demo.mp4'),
  truth: join(folder, 'demo.json'),
} as const;
