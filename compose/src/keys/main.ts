import { ConfigError, readSettings } from '@framebus/contract/service';
import { keepPasswords } from './keep.js';
import { settings } from './settings.js';

// Runs once before the servers: exit code 0, or 2 with what is wrong.
try {
  const { folder, ...given } = readSettings(settings, process.env);
  const made = await keepPasswords(folder, given);
  if (made.length > 0) process.stdout.write(`made up: ${made.join(', ')}\n`);
  process.stdout.write('to see them: docker compose run --rm keys cat /keys/all/keys.env\n');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`keys: wrong settings\n${error.message}\n`);
  process.exitCode = 2;
}
