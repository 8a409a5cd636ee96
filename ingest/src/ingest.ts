import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { SessionEntry, SessionState } from '@framebus/contract';
import {
  Bus,
  type Logger,
  Metrics,
  Mirror,
  natsMetrics,
  registerService,
} from '@framebus/contract/service';
import { AllowedCameras } from './allowed-cameras.js';
import { createApi } from './api.js';
import { cameraRules } from './camera-settings.js';
import { probeFfmpeg } from './ffmpeg-run.js';
import { Health } from './health.js';
import { NatsLink } from './nats-link.js';
import { Owner } from './owner.js';
import { Probes } from './probe.js';
import { sessionMetrics } from './session-metrics.js';
import { Sessions } from './sessions.js';
import type { IngestConfig } from './settings.js';
import { StatusPublisher } from './status-publisher.js';
import { StopTeller } from './stop-teller.js';
import { streamMetrics } from './stream-metrics.js';
import { Sweeper } from './sweeper.js';
import { Timings } from './timings.js';

/** One ingest: answers the control API and reads its share of the cameras until it is disposed of. */
export async function startIngest(
  config: IngestConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  await probeFfmpeg(config.ffmpegPath);
  const bus = await Bus.open(config, 'ingest', log, signal, ['streams']);
  const metrics = new Metrics('ingest');
  natsMetrics(metrics, bus);
  await streamMetrics(metrics, bus);
  const link = new NatsLink(bus);
  const statuses = new StatusPublisher(bus, link, log);
  const stops = new StopTeller({ bus, link, statuses, log });
  const id = config.ingestId || `${hostname()}-${randomBytes(3).toString('hex')}`;

  let owner: Owner | undefined;
  const entries = await Mirror.open<SessionEntry>(bus, 'sessions', log, () => owner?.look());
  const states = await Mirror.open<SessionState>(bus, 'session-state', log, (key, state) =>
    owner?.stateChanged(key, state),
  );
  const sweeper = new Sweeper(bus, link, entries, log);

  const sessions = new Sessions({ ...config, bus, link, entries, states, stops });
  const health = new Health(bus, link);
  const cameras = new AllowedCameras(cameraRules(config));
  const { ffmpegPath, hwaccel, frameTimeoutMs, rtsp } = config;
  const reader = { ffmpegPath, hwaccel, frameTimeoutMs, rtsp, cameras };
  const stopProbes = new AbortController();
  const probes = new Probes(reader, stopProbes.signal);
  const api = await createApi({ bus, link, sessions, health, probes, cameras, metrics, log });
  const address = await api.listen({ host: config.host, port: config.port });

  const instance = await registerService(bus, {
    name: 'ingest',
    description: 'reads cameras, publishes frames',
    metadata: { id, address },
    stats: () => ({ id, ...owner?.counts }),
  });
  const timings = new Timings(metrics);
  const setup = { bus, link, statuses, stops, log, owner: id, instance, reader, timings };
  const owned = new Owner(setup, entries, states);
  sessionMetrics(metrics, owned);
  owner = owned;
  owned.look();
  stops.watch(entries);
  log.info({ id, address }, 'ready');
  return {
    async [Symbol.asyncDispose]() {
      stopProbes.abort();
      await Promise.all([owned[Symbol.asyncDispose](), api.close()]);
      sweeper[Symbol.dispose]();
      stops[Symbol.dispose]();
      await entries[Symbol.asyncDispose]();
      await states[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      metrics[Symbol.dispose]();
    },
  };
}
