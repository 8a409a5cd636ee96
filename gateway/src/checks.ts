import { z } from 'zod';
import { known } from './known.js';

// Names, defaults and ranges are Kong's: kong/db/schema/entities/upstreams.lua.
const seconds = z.number().min(0).max(65_535);
const limit = z.int().min(0).max(255).default(0);
const statuses = (fallback: readonly number[]) =>
  z.array(z.int().min(100).max(999)).default([...fallback]);

const active = known({
  type: z.literal('http').default('http'),
  timeout: seconds.default(1),
  http_path: z.string().startsWith('/').default('/'),
  healthy: known({
    interval: seconds.default(0),
    http_statuses: statuses([200, 302]),
    successes: limit,
  }).prefault({}),
  unhealthy: known({
    interval: seconds.default(0),
    http_statuses: statuses([429, 404, 500, 501, 502, 503, 504, 505]),
    tcp_failures: limit,
    timeouts: limit,
    http_failures: limit,
  }).prefault({}),
});

// Without tcp_failures: Kong counts them here only when it tries again, and each request is tried
// once. What it sees instead is its own 502.
const passive = known({
  type: z.literal('http').default('http'),
  healthy: known({
    http_statuses: statuses([
      ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
      ...[300, 301, 302, 303, 304, 305, 306, 307, 308],
    ]),
    successes: limit,
  }).prefault({}),
  unhealthy: known({
    http_statuses: statuses([429, 500, 503]),
    timeouts: limit,
    http_failures: limit,
  }).prefault({}),
});

/** How an upstream's targets are watched: by probes, and by what clients' requests meet. */
export const checks = known({ active: active.prefault({}), passive: passive.prefault({}) });

export type Checks = z.output<typeof checks>;

/** Whether anything is watched at all. */
export function checksAnything({ active, passive }: Checks): boolean {
  return (
    active.healthy.interval > 0 ||
    active.unhealthy.interval > 0 ||
    passive.unhealthy.timeouts > 0 ||
    passive.unhealthy.http_failures > 0
  );
}
