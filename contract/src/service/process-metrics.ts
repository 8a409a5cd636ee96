import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Metrics } from './metrics.js';

/** Each reading wakes the process. */
const resolutionMs = 100;
/** Readings of one scrape are of the same time. */
const scrapeMs = 500;

/** Adds what every process tells of itself. Disposal ends the watch of its event loop. */
export function processMetrics(metrics: Metrics): Disposable {
  metrics.counter(
    'process_cpu_time_seconds_total',
    'CPU time that the process took, threads included.',
    ['cpu_mode'],
    () => {
      const { user, system } = process.cpuUsage();
      return [
        [{ cpu_mode: 'user' }, user / 1e6],
        [{ cpu_mode: 'system' }, system / 1e6],
      ];
    },
  );
  metrics.gauge('process_memory_usage_bytes', 'Resident memory of the process.', [], () =>
    process.memoryUsage.rss(),
  );
  metrics.gauge('process_uptime_seconds', 'Time since the start of the process.', [], () =>
    process.uptime(),
  );
  metrics.gauge(
    'v8js_memory_heap_used_bytes',
    'Used part of the JavaScript heap.',
    [],
    () => getHeapStatistics().used_heap_size,
  );
  return eventLoopMetrics(metrics);
}

function eventLoopMetrics(metrics: Metrics): Disposable {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const none = { mean: 0, p50: 0, p99: 0, max: 0, utilization: 0 };
  let at = Number.NEGATIVE_INFINITY;
  let since = performance.eventLoopUtilization();
  let last = none;
  const read = () => {
    if (performance.now() - at < scrapeMs) return last;
    at = performance.now();
    const { utilization } = performance.eventLoopUtilization(since);
    since = performance.eventLoopUtilization();
    // Node measures from timer to timer.
    const seconds = (ns: number) => Math.max(0, ns / 1e9 - resolutionMs / 1e3) || 0;
    const [mean, max] = [seconds(delay.mean), seconds(delay.max)];
    const [p50, p99] = [seconds(delay.percentile(50)), seconds(delay.percentile(99))];
    delay.reset();
    last = { mean, p50, p99, max, utilization };
    return last;
  };
  const words = {
    mean: 'Mean delay of the event loop',
    p50: 'Median delay of the event loop',
    p99: '99th percentile of the delay of the event loop',
    max: 'Longest delay of the event loop',
  };
  for (const key of ['mean', 'p50', 'p99', 'max'] as const) {
    const help = `${words[key]} since the scrape before.`;
    metrics.gauge(`nodejs_eventloop_delay_${key}_seconds`, help, [], () => read()[key]);
  }
  metrics.gauge(
    'nodejs_eventloop_utilization_ratio',
    'Share of time, 0 to 1, in which the event loop was busy since the scrape before.',
    [],
    () => read().utilization,
  );
  return { [Symbol.dispose]: () => void delay.disable() };
}
