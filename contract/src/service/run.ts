import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, type LogFormat, type Logger } from './log.js';
import { ConfigError, type ConfigOf, choice, readSettings, type Settings } from './settings.js';

/** What every process of framebus has. */
export const commonSettings = {
  logLevel: choice(
    'LOG_LEVEL',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'least severe line that is logged',
  ),
  logFormat: choice<LogFormat>(
    'LOG_FORMAT',
    ['auto', 'json', 'pretty'],
    'auto',
    'how lines are printed: `json`, `pretty` for people; `auto`: pretty on a terminal, else JSON',
  ),
} satisfies Settings;

/** A service at work. Its disposal waits until nothing runs. */
export interface Running extends AsyncDisposable {
  /** Rejects when it can not go on; the process then ends with exit code 1. */
  readonly failed?: Promise<never>;
}

export interface Service<S extends Settings> {
  readonly name: string;
  readonly settings: S;
  /** Resolves once the service is ready. */
  readonly start: (
    config: ConfigOf<S>,
    log: Logger,
    /** Aborted when the process is told to stop. */
    signal: AbortSignal,
  ) => Promise<Running>;
}

const stopBackstopMs = 10_000;
const reasonMs = 500;

/**
 * The whole life of a process: environment, start, SIGTERM or SIGINT, stop.
 * Exit code 0 after a stop, 1 when the start or stop failed, 2 when the environment is wrong. Where something hangs, the
 * process kills itself: with SIGTERM unheeded for 10 s, or an error that says so.
 */
export async function run<S extends Settings>(service: Service<S>): Promise<void> {
  let log = createLogger(service.name, 'info');
  try {
    const { logLevel, logFormat } = readSettings(commonSettings, process.env);
    log = createLogger(service.name, logLevel, logFormat);
    const config = readSettings(service.settings, process.env);
    const stop = new AbortController();
    const stopped = new Promise<string>((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
    });
    const started = service.start(config, log, stop.signal);
    const signal = await Promise.race([
      stopped,
      started.then((running) => Promise.race([stopped, running.failed ?? stopped])),
    ]);
    stop.abort();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('stop took too long');
      void killSoon();
    }, stopBackstopMs).unref();
    const running = await started.catch((error: unknown) => {
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      throw error;
    });
    await running?.[Symbol.asyncDispose]();
    log.info('stopped');
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${service.name}: wrong settings\n${error.message}\n`);
      process.exitCode = 2;
      return;
    }
    log.fatal({ err: error }, 'failed');
    // An exit waits for threads, and one that hangs would keep the process for ever.
    if (error instanceof Error && 'hangs' in error) await killSoon();
    process.exit(1);
  }
}

async function killSoon(): Promise<void> {
  // A pipe may take a moment to carry the reason away.
  await sleep(reasonMs);
  process.kill(process.pid, 'SIGKILL');
}
