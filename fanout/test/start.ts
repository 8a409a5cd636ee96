import { createLogger, readSettings } from '@framebus/contract/service';
import type { NatsServer } from '@framebus/test';
import { type Fanout, startFanout } from '../src/fanout.js';
import { settings } from '../src/settings.js';

/** A fanout in this process, on a free port. */
export function start(
  server: NatsServer,
  env: Readonly<Record<string, string>> = {},
): Promise<Fanout> {
  const config = readSettings(settings, { NATS_URL: server.url, FANOUT_PORT: '0', ...env });
  return startFanout(config, createLogger('fanout', 'silent'));
}
