import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAlerts } from './commands/alerts.js';
import { addRemove, addRename, addStart, addStop } from './commands/control.js';
import { addDetections } from './commands/detections.js';
import { addHealth } from './commands/health.js';
import { addProbe } from './commands/probe.js';
import { addSessions } from './commands/sessions.js';
import { addSnapshot } from './commands/snapshot.js';
import { addTap } from './commands/tap.js';
import { addWatch } from './commands/watch.js';
import type { Context } from './context.js';
import { defaultUrl } from './server.js';

const add = [
  ...[addProbe, addStart, addStop, addRemove, addRename, addSessions, addHealth],
  ...[addWatch, addDetections, addSnapshot, addAlerts, addTap],
];

/** All commands with their help. What is wrong with a call is told to `writeError`. */
export function createProgram(context: Context, writeError: (text: string) => void): Command {
  const program = new Command('framebus')
    .description('Control cameras under analysis and see what is detected, from a terminal.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .option('--url <url>', `address of the gateway (default: ${defaultUrl}, env: FRAMEBUS_URL)`)
    .option(
      '--key <key>',
      'API key (default: the documented one where the gateway is on this machine, env: FRAMEBUS_API_KEY)',
    )
    .option('--json', 'print JSON: one value, or one a line where it goes on')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or not found, 2 wrongly called, 3 not reached.',
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.output.stream.write(text),
      writeErr: writeError,
      outputError: (text, write) => write(text.replace(/^error: /, 'framebus: ')),
    })
    .showSuggestionAfterError();
  for (const addTo of add) addTo(program, context);
  return program;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
