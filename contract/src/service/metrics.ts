import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { processMetrics } from './process-metrics.js';

/** One number, or one for each combination of label values. */
export type Reading = number | Iterable<readonly [Readonly<Record<string, string>>, number]>;

/** Of `GET /metrics`: Prometheus' text format. */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Upper bounds of histograms of durations, in seconds. */
export const secondsBuckets: readonly number[] = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10],
];

const version = '0.1.0';
const live = new Set<Registry>();

/** Of all services of this process: one, but in tests. */
export const liveRegistries: ReadonlySet<Registry> = live;

/**
 * What a service tells on `GET /metrics`; docs/telemetry.md lists all of it. Names are those that Prometheus gives to
 * OpenTelemetry's, where its semantic conventions have one. What the code counts anyway is read when it is asked for:
 * only histograms cost something in between.
 */
export class Metrics implements Disposable {
  readonly #registry = new Registry();
  readonly #process: Disposable;

  /** @param service such as `ingest` */
  constructor(service: string) {
    live.add(this.#registry);
    const labels = ['service_name', 'service_version'];
    this.gauge('target_info', 'Always 1; its labels tell which service this is.', labels, () => [
      [{ service_name: service, service_version: version }, 1],
    ]);
    this.#process = processMetrics(this);
  }

  /** A number that only grows. Label values that `read` leaves out are told no more. */
  counter(name: string, help: string, labelNames: readonly string[], read: () => Reading): void {
    new Counter({
      ...{ name, help, labelNames, registers: [this.#registry] },
      collect() {
        this.reset();
        for (const [labels, value] of entriesOf(read())) this.inc(labels, value);
      },
    });
  }

  /** A number that goes up and down. Label values that `read` leaves out are told no more; it must not reject. */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Reading | Promise<Reading>,
  ): void {
    new Gauge({
      ...{ name, help, labelNames, registers: [this.#registry] },
      async collect() {
        const reading = await read();
        this.reset();
        for (const [labels, value] of entriesOf(reading)) this.set(labels, value);
      },
    });
  }

  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets = secondsBuckets,
  ): Histogram<L> {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames, registers, buckets: [...buckets] });
  }

  /** All of it, as Prometheus reads it. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  [Symbol.dispose](): void {
    live.delete(this.#registry);
    this.#process[Symbol.dispose]();
  }
}

function entriesOf(reading: Reading) {
  return typeof reading === 'number' ? [[{}, reading] as const] : reading;
}
