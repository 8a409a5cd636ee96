import { hostname } from 'node:os';
import type { SessionEntry } from '@framebus/contract';
import {
  Bus,
  type Logger,
  Metrics,
  Mirror,
  natsMetrics,
  type Running,
  registerService,
} from '@framebus/contract/service';
import type { Wanted } from './boxes.js';
import { findModelFile } from './class-names.js';
import { readCores } from './cores.js';
import { detectorMetrics } from './detector-metrics.js';
import { checkDevice } from './execution-provider.js';
import { openHealth } from './health.js';
import type { LoadModel, Model } from './model.js';
import { ModelThread } from './model-thread.js';
import { PictureDecoder } from './picture.js';
import { Pipeline } from './pipeline.js';
import { loadWithFirstProvider } from './providers.js';
import type { DetectorConfig } from './settings.js';
import { ThreadShare, threadsOf } from './thread-share.js';
import { TicketSource } from './ticket-source.js';
import { Timings } from './timings.js';
import { inTime } from './watchdog.js';

/** For a session that the control API does not know: somebody publishes frames by hand. */
const unknownSession = { confidenceThreshold: 0.5, classes: [] };

/**
 * One detector: loads the model, then turns tickets into detection events until it is disposed of.
 * @param load gives the model; another than onnxruntime's can stand in where the rest is to be measured
 */
export async function startDetector(
  config: DetectorConfig,
  log: Logger,
  signal: AbortSignal,
  load: LoadModel = ModelThread.load,
): Promise<Running> {
  checkDevice(config.providers, config.deviceId);
  const id = config.id || `${hostname()}-${process.pid}`;
  const cores = await readCores();
  const threads = config.threads || threadsOf(cores, 1);
  const { model, classNames } = await inTime(
    'loading the model',
    config.loadTimeoutMs,
    loadModel(config, threads, load, log),
  );
  const bus = await Bus.open(config, 'detector', log, signal, ['consumer']);
  const sessions = await Mirror.open<SessionEntry>(bus, 'sessions', log);
  const { batch, batchWaitMs, lowScoreMin } = config;
  const wantedOf = (sessionId: string): Wanted => {
    const spec = sessions.get(sessionId)?.value.spec;
    if (spec === undefined) return { ...unknownSession, lowScoreMin };
    return {
      confidenceThreshold: spec.confidence_threshold,
      classes: spec.classes,
      lowScoreMin,
    };
  };
  const metrics = new Metrics('detector');
  natsMetrics(metrics, bus);
  const timings = new Timings(metrics);
  const tickets = new TicketSource(bus, log);
  const flow = { batch, batchWaitMs, classNames, wantedOf };
  const pipeline = new Pipeline({ ...flow, bus, tickets, model, id, timings, log });
  const kept = { threads, fixed: config.threads > 0 };
  const share =
    model.provider === 'cpu'
      ? await ThreadShare.open(bus.connection, cores, model, kept, log)
      : undefined;
  const metadata = { id, model: config.model, provider: model.provider };
  detectorMetrics(metrics, metadata, pipeline.counts, tickets);
  const stats = () => ({ ...metadata, threads: share?.threads ?? threads, batch });
  await registerService(bus, {
    name: 'detector',
    description: 'finds objects in frames',
    metadata,
    stats: () => ({ ...stats(), ...pipeline.counts.toJSON() }),
  });
  const health = config.port > 0 ? await openHealth(config, bus, metrics) : undefined;
  const stop = new AbortController();
  const running = pipeline.run(stop.signal);
  log.info({ ...stats(), decoder: PictureDecoder.library }, 'ready');
  return {
    failed: Promise.race([model.failed, running.then(() => new Promise<never>(() => {}))]),
    async [Symbol.asyncDispose]() {
      stop.abort();
      share?.[Symbol.dispose]();
      await health?.[Symbol.asyncDispose]();
      await running;
      await sessions[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      metrics[Symbol.dispose]();
    },
  };
}

/** Files may be on a network that hangs, and a GPU's driver too. */
async function loadModel(
  config: DetectorConfig,
  threads: number,
  load: LoadModel,
  log: Logger,
): Promise<{ readonly model: Model; readonly classNames: readonly string[] }> {
  const { path, classNames } = await findModelFile(config.model, config.labels);
  const { batch, deviceId, inputSize, minInferenceMs, stuckMs, loadTimeoutMs } = config;
  const size = { inputSize, batch, classes: classNames.length };
  const times = { minInferenceMs, stuckMs, loadTimeoutMs };
  const options = { path, deviceId, threads, ...size, ...times };
  const { providers, requireGpu } = config;
  const model = await loadWithFirstProvider(providers, requireGpu, options, load, log);
  return { model, classNames };
}
