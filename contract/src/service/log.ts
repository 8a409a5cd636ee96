import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output, each with the service's name. Level: LOG_LEVEL. */
export function createLogger(service: string, level: string): Logger {
  return pino({ name: service, level, base: { service, pid: process.pid } });
}
