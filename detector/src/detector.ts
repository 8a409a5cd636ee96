import { availableParallelism, hostname } from 'node:os';
import type { SessionEntry } from '@framebus/contract';
import {
  Bus,
  type Logger,
  Mirror,
  type Running,
  registerService,
} from '@framebus/contract/service';
import type { Wanted } from './boxes.js';
import { findModelFile } from './class-names.js';
import { Pipeline } from './pipeline.js';
import { loadWithFirstProvider } from './providers.js';
import type { DetectorConfig } from './settings.js';
import { TicketSource } from './ticket-source.js';

/** For a session that the control API does not know: somebody publishes frames by hand. */
const unknownSession: Wanted = { confidenceThreshold: 0.5, classes: [] };

/** One detector: loads the model, then turns tickets into detection events until it is disposed of. */
export async function startDetector(
  config: DetectorConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<Running> {
  const id = config.id || `${hostname()}-${process.pid}`;
  const { path, classNames } = await findModelFile(config.model, config.labels);
  const threads = config.threads || Math.max(1, Math.floor(availableParallelism() / 2));
  const { inputSize, minInferenceMs } = config;
  const model = await loadWithFirstProvider(
    config.providers,
    config.requireGpu,
    { path, threads, inputSize, minInferenceMs, classes: classNames.length },
    log,
  );
  const bus = await Bus.open(config, 'detector', log, signal);
  const sessions = await Mirror.open<SessionEntry>(bus, 'sessions', log);
  const wantedOf = (sessionId: string): Wanted => {
    const spec = sessions.get(sessionId)?.value.spec;
    if (spec === undefined) return unknownSession;
    return { confidenceThreshold: spec.confidence_threshold, classes: spec.classes };
  };
  const tickets = new TicketSource(bus, log);
  const pipeline = new Pipeline({ bus, tickets, model, classNames, wantedOf, id, log });
  const metadata = { id, model: config.model, provider: model.provider };
  await registerService(bus, {
    name: 'detector',
    description: 'finds objects in frames',
    metadata,
    stats: () => ({ ...metadata, ...pipeline.counts.toJSON() }),
  });
  const stop = new AbortController();
  const running = pipeline.run(stop.signal);
  log.info({ ...metadata, threads }, 'ready');
  return {
    failed: Promise.race([model.failed, running.then(() => new Promise<never>(() => {}))]),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await sessions[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}
