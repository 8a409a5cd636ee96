import { ConfigError, readSettings } from '@framebus/contract/service';
import { renderSettings } from './render-settings.js';
import { render } from './rendered.js';
import { writeWhole } from './whole-file.js';

// Writes the declarative file for Kong: exit code 0, or 2 with what is wrong.
try {
  const config = readSettings(renderSettings, process.env);
  const { text, made } = await render(config, false);
  // Kong runs as another user.
  await writeWhole('RENDERED_CONFIG', config.renderedFile, text, 0o644);
  for (const [variable, key] of made) {
    process.stdout.write(`${variable}=${key} was made up; it is kept in ${config.keysFile}\n`);
  }
  process.stdout.write(`${config.renderedFile} is written\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`gateway-config: wrong settings\n${error.message}\n`);
  process.exitCode = 2;
}
