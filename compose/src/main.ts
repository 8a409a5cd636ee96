import { ConfigError, readSettings } from '@framebus/contract/service';
import { greeting } from './greeting.js';
import { startLocal } from './local.js';
import { settings } from './settings.js';

const say = (words: string) => process.stderr.write(`framebus: ${words}\n`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort());
}
const stopped = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));

try {
  const config = readSettings(settings, process.env);
  say('starting');
  await using _stack = await startLocal(config, process.env.PATH ?? '', say, stop.signal);
  process.stdout.write(greeting(config));
  await stopped;
  say('stopping');
} catch (error) {
  if (!stop.signal.aborted) {
    say(error instanceof ConfigError ? error.message : String(error));
    process.exitCode = 1;
  }
}
