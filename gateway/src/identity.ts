import { createHash } from 'node:crypto';

/** An id for an entity that the file gives none: the same file gives the same ids. */
export function identity(...names: readonly string[]): string {
  const hex = createHash('sha256').update(names.join('\0')).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
