import {
  Bus,
  ConfigError,
  frameAges,
  type Logger,
  Metrics,
  natsMetrics,
  registerService,
} from '@framebus/contract/service';
import { Alerts } from './alerts.js';
import { Counters } from './counters.js';
import { counterMetrics } from './fanout-metrics.js';
import { followEvents } from './input.js';
import { Malformed } from './malformed.js';
import { Parts } from './parts.js';
import { replay } from './replay.js';
import { serveSnapshots } from './serve-snapshots.js';
import { createServer } from './server.js';
import { Sessions } from './sessions.js';
import type { FanoutConfig } from './settings.js';
import { Snapshots } from './snapshots.js';
import { States } from './states.js';
import { Viewers } from './viewers.js';

export interface Fanout extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8084`. */
  readonly url: string;
  readonly counters: Readonly<Counters>;
  /** Viewers that are open. */
  readonly viewers: number;
}

/** Events and frames from NATS to viewers over WebSocket. Resolves once it listens. */
export async function startFanout(
  config: FanoutConfig,
  log: Logger,
  signal?: AbortSignal,
): Promise<Fanout> {
  checkViewerKey(config);
  const parts = new Parts();
  try {
    const { url, counters, viewers } = await startParts(config, log, signal, parts);
    log.info({ url }, 'ready');
    return {
      url,
      counters,
      get viewers() {
        return viewers.size;
      },
      [Symbol.asyncDispose]: () => parts[Symbol.asyncDispose](),
    };
  } catch (error) {
    await parts[Symbol.asyncDispose]();
    throw error;
  }
}

async function startParts(
  config: FanoutConfig,
  log: Logger,
  signal: AbortSignal | undefined,
  parts: Parts,
) {
  const counters = new Counters();
  const malformed = new Malformed(counters, log);
  const metrics = parts.use(new Metrics('fanout'));

  const bus = parts.use(await Bus.open(config, 'fanout', log, signal, []));
  const { reorderMs, natsReplicas } = config;
  const onSent = frameAges(metrics, 'sent');
  const sessions = parts.use(new Sessions({ bus, reorderMs, counters, malformed, onSent }));
  const states = parts.use(
    await States.open(bus, log, (sessionId, entry) => sessions.setEntry(sessionId, entry)),
  );
  const kept = { replicas: natsReplicas, counters, log };
  const snapshots = parts.use(await Snapshots.open(bus, { ...kept, labels: sessions.labels }));
  const alerts = parts.use(
    await Alerts.open(bus, {
      ...config,
      ...kept,
      raised: (event, detections) => {
        const jpeg = sessions.jpeg(event.session_id, event.frame_index);
        void snapshots.keep(event, detections, jpeg);
      },
    }),
  );
  followEvents(bus, sessions, alerts, malformed);

  const health = {
    viewers: () => viewers.size,
    refused: () => bus.refused,
    unready: () => bus.unready(),
  };
  const server = await createServer(config, health, metrics, log);
  serveSnapshots(server, snapshots);
  parts.use({ [Symbol.asyncDispose]: () => server.close() });
  const viewers: Viewers = parts.use(
    new Viewers(server.server, {
      ...config,
      counters,
      onViewer: (viewer, { sessionId, since }) => {
        for (const event of states.greeting(sessionId)) viewer.sendBody(event);
        const session = sessions.watch(sessionId, states.entry(sessionId), viewer);
        if (since === undefined) return;
        void replay(viewer, session, { sessionId, since, reorderMs, bus, counters, log });
      },
    }),
  );

  natsMetrics(metrics, bus);
  counterMetrics(metrics, counters, { viewers: () => viewers.size, sessions: () => sessions.size });

  await registerService(bus, {
    name: 'fanout',
    description: 'events and frames to viewers over WebSocket',
    metadata: {},
    stats: () => ({ ...counters, viewers: viewers.size, sessions: sessions.size }),
  });
  const url = await server.listen({ host: config.host, port: config.port });
  return { url, counters, viewers };
}

/** Whoever opens the page is given the key, which only this machine may. @throws ConfigError */
function checkViewerKey({ host, viewerApiKey }: FanoutConfig): void {
  if (viewerApiKey === '' || /^(?:localhost|127\.[\d.]+|::1)$/.test(host)) return;
  const mistake = `VIEWER_API_KEY would be given to whoever reaches FANOUT_HOST ${host}: expected none, or 127.0.0.1`;
  throw new ConfigError([mistake]);
}
