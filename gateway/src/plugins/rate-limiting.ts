import { z } from 'zod';
import { refusal } from '../answer.js';
import type { Exchange } from '../exchange.js';
import type { HeaderList } from '../header-list.js';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';
import { type Period, periodSeconds, WindowCounter, windowStart } from '../windows.js';

const periods = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const;
const limit = z.number().positive().optional();

/** What is left of one limit after this request. */
interface Left {
  readonly period: Period;
  readonly limit: number;
  readonly remaining: number;
}

/** Limits calls in fixed windows aligned to the clock, counted in this process alone. */
export const rateLimiting = definePlugin({
  name: 'rate-limiting',
  priority: 910,
  config: known({
    second: limit,
    minute: limit,
    hour: limit,
    day: limit,
    month: limit,
    year: limit,
    policy: z.literal('local').default('local'),
    limit_by: z.enum(['consumer', 'credential', 'ip']).default('consumer'),
    hide_client_headers: z.boolean().default(false),
    fault_tolerant: z.boolean().default(true),
    error_code: z.int().min(400).max(599).default(429),
    error_message: z.string().default('API rate limit exceeded'),
  }).refine((config) => periods.some((period) => config[period] !== undefined), {
    error: `expected a limit for at least one of ${periods.join(', ')}`,
  }),
  create(config) {
    const limits = periods.flatMap((period) => {
      const limit = config[period];
      return limit === undefined ? [] : [{ period, limit, counter: new WindowCounter(period) }];
    });

    function callerOf({ credential, clientAddress }: Exchange): string {
      if (config.limit_by === 'consumer' && credential !== undefined) return credential.consumer.id;
      if (config.limit_by === 'credential' && credential !== undefined) return credential.id;
      return clientAddress;
    }

    return {
      access(exchange) {
        const now = Math.floor(Date.now() / 1000) * 1000;
        const caller = callerOf(exchange);
        const before = limits.map(({ period, limit, counter }) => ({
          period,
          limit,
          remaining: limit - counter.count(caller, now),
        }));
        const reached = before.findLast(({ remaining }) => remaining <= 0)?.period;
        const left = before.map(({ period, limit, remaining }) => {
          const counted = reached === undefined || reached === period ? 1 : 0;
          return { period, limit, remaining: Math.max(0, remaining - counted) };
        });
        const resetS = config.hide_client_headers ? undefined : tell(exchange.toClient, left, now);
        if (reached === undefined) {
          for (const { counter } of limits) counter.add(caller, now);
          return undefined;
        }
        if (resetS !== undefined) exchange.toClient.set('Retry-After', String(resetS));
        return refusal(config.error_code, config.error_message);
      },
    };
  },
});

/** Writes the headers; returns the seconds until the tightest window ends. */
function tell(headers: HeaderList, left: readonly Left[], now: number): number {
  for (const { period, limit, remaining } of left) {
    const name = period.charAt(0).toUpperCase() + period.slice(1);
    headers.set(`X-RateLimit-Limit-${name}`, String(limit));
    headers.set(`X-RateLimit-Remaining-${name}`, String(remaining));
  }
  const [tightest] = left.toSorted(
    (a, b) => a.remaining - b.remaining || periodSeconds[b.period] - periodSeconds[a.period],
  );
  if (tightest === undefined) return 1;
  const { period, limit, remaining } = tightest;
  const passedS = Math.floor((now - windowStart(period, now)) / 1000);
  const resetS = Math.max(1, periodSeconds[period] - passedS);
  headers.set('RateLimit-Limit', String(limit));
  headers.set('RateLimit-Remaining', String(remaining));
  headers.set('RateLimit-Reset', String(resetS));
  return resetS;
}
