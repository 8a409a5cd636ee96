import type { Metrics } from '@framebus/contract/service';

/** How long frames take through this ingest, and how often cameras fail. */
export class Timings {
  readonly #publish;
  readonly #age;
  readonly #failures = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#publish = metrics.histogram(
      'messaging_client_operation_duration_seconds',
      'From a publish, or the fetch of a frame, to the answer of JetStream.',
      ['messaging_system', 'messaging_operation_name', 'messaging_destination_name'],
    );
    this.#age = metrics.histogram(
      'framebus_frame_age_seconds',
      'Time from the capture of a frame to its stage.',
      ['stage'],
    );
    metrics.counter(
      'framebus_camera_failures_total',
      'Times that a camera could not be read, or no longer, by code.',
      ['code'],
      () => [...this.#failures].map(([code, count]) => [{ code }, count]),
    );
  }

  /** Both answers of JetStream are there. */
  published(tookMs: number, ageMs: number): void {
    const labels = {
      messaging_system: 'nats',
      messaging_operation_name: 'publish',
      messaging_destination_name: 'frames',
    };
    this.#publish.observe(labels, tookMs / 1_000);
    this.#age.observe({ stage: 'published' }, Math.max(0, ageMs) / 1_000);
  }

  /** @param code of a CameraError: there are few */
  cameraFailed(code: string): void {
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }
}
