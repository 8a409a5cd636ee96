import { streams } from '@framebus/contract';
import type { Bus, Metrics } from '@framebus/contract/service';

/** A scrape waits no longer for the sizes, in ms. */
const timeoutMs = 1_000;

/** Adds how full the streams are. What NATS does not tell in time is left out. */
export async function streamMetrics(metrics: Metrics, bus: Bus): Promise<void> {
  const options = { checkAPI: false, timeout: timeoutMs };
  const manager = await bus.connection.jetstreamManager(options);
  metrics.gauge('framebus_stream_size_bytes', 'Bytes that the stream holds.', ['stream'], () =>
    Promise.all(
      streams.map(async ({ name }) => {
        const { state } = await manager.streams.info(name);
        return [{ stream: name }, state.bytes] as const;
      }),
    ).catch(() => []),
  );
  metrics.gauge(
    'framebus_stream_limit_bytes',
    'Most bytes that the stream may hold; then the oldest go, or nothing new comes in.',
    ['stream'],
    () => streams.map(({ name, max_bytes }) => [{ stream: name }, max_bytes]),
  );
}
