import type { Command } from 'commander';
import { Api, type Health } from '../api.js';
import type { Context } from '../context.js';
import { exitCodes } from '../errors.js';
import { type ServerOptions, serverOf } from '../server.js';
import { table } from '../text.js';

/** `framebus health` */
export function addHealth(program: Command, context: Context): void {
  program
    .command('health')
    .summary('tell how the system is')
    .description(
      'Tell how the system is and which detectors are there. Needs no key.\nThe exit code is 1 when it is not healthy.',
    )
    .action(async (_options, command: Command) => {
      const { output, signal } = context;
      const options = command.optsWithGlobals<ServerOptions>();
      const health = await new Api(serverOf(options, context.env), signal).health();
      if (options.json) output.json(health);
      else for (const line of linesOf(health)) output.line(line);
      if (health.status !== 'healthy') context.exitCode = exitCodes.refused;
    });
}

function linesOf({ status, reasons = [], uptime_seconds, detectors, gpu_available }: Health) {
  const rows = detectors.map(({ id, model, provider }) => [id, model, provider]);
  return [
    `${[status, ...reasons].join(': ')}; up ${duration(uptime_seconds)}; GPU: ${gpu_available ? 'yes' : 'no'}`,
    ...(rows.length > 0 ? ['', ...table([['DETECTOR', 'MODEL', 'PROVIDER'], ...rows])] : []),
  ];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
