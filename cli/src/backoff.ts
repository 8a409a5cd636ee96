const firstMs = 500;
const longestMs = 10_000;

/** How long to wait after so many failures in a row: 0.5 s, 1 s, 2 s … 10 s, less up to a fifth. */
export function backoffMs(failures: number, random = Math.random()): number {
  const whole = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return whole * (1 - random / 5);
}
