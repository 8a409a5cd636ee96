import type { Model } from '../models.js';

/** Bytes in words, with decimal units as hubs and disks have them: `82.6 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [unit, divisor] = bytes < 1_000_000 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  return `${(bytes / (divisor as number)).toFixed(1)} ${unit}`;
}

/** What is known of a model's size before it is asked for. */
export function sizeOf({ bytes, listedMegabytes }: Model): string {
  if (bytes !== undefined) return formatBytes(bytes);
  return listedMegabytes === undefined ? 'not listed' : `about ${listedMegabytes} MB`;
}
