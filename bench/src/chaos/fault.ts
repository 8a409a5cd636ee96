import type { Rig } from './rig.js';

/** Whose failure it is: bars differ, and so does what may be lost. */
export type Part =
  | 'ingest'
  | 'detector'
  | 'fanout'
  | 'gateway'
  | 'relay'
  | 'camera'
  | 'clock'
  | 'NATS';

export interface Fault {
  readonly name: string;
  readonly part: Part;
  /** Does it, and undoes it after `holdMs` where it lasts. Recovery counts from the end of it. */
  readonly run: (rig: Rig, random: () => number) => Promise<void>;
}

/** Numbers come from `random`, so that a seed decides everything. */
export const oneOf = <T>(items: readonly T[], random: () => number): T =>
  items[Math.floor(random() * items.length)] as T;
export const between = (low: number, high: number, random: () => number) =>
  low + random() * (high - low);
