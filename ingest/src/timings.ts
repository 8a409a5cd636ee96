import { frameAges, jetStreamTimes, type Metrics } from '@framebus/contract/service';

/** How long frames take through this ingest, and how often cameras fail. */
export class Timings {
  readonly #publish;
  readonly #age;
  readonly #failures = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#publish = jetStreamTimes(metrics);
    this.#age = frameAges(metrics, 'published');
    metrics.counter(
      'framebus_camera_failures_total',
      'Times that a camera could not be read, or no longer, by code.',
      ['code'],
      () => [...this.#failures].map(([code, count]) => [{ code }, count]),
    );
  }

  /** Both answers of JetStream are there. */
  published(tookMs: number, ageMs: number): void {
    this.#publish(['publish', 'frames'], tookMs);
    this.#age(ageMs);
  }

  /** @param code of a CameraError: there are few */
  cameraFailed(code: string): void {
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }
}
