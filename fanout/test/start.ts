import { Bus, createLogger, readSettings } from '@framebus/contract/service';
import type { NatsServer } from '@framebus/test';
import { type Fanout, startFanout } from '../src/fanout.js';
import { settings } from '../src/settings.js';

const log = createLogger('fanout', 'silent');

/** A fanout in this process, on a free port, beside streams that a detector or an ingest would have declared. */
export async function start(
  server: NatsServer,
  env: Readonly<Record<string, string>> = {},
): Promise<Fanout> {
  const config = readSettings(settings, { NATS_URL: server.url, FANOUT_PORT: '0', ...env });
  const declaring = await Bus.open(config, 'test', log);
  await declaring[Symbol.asyncDispose]();
  return startFanout(config, log);
}
