import { frameAges, jetStreamTimes, type Metrics } from '@framebus/contract/service';

/** How long frames take through this detector, as distributions. */
export class Timings {
  readonly #queueAge;
  readonly #operation;
  readonly #decode;
  readonly #batch;
  readonly #inference;
  readonly #age;

  constructor(metrics: Metrics) {
    this.#queueAge = metrics.histogram(
      'framebus_queue_age_seconds',
      'Age of a frame in NATS, by its clock, when a detector took it.',
    );
    this.#operation = jetStreamTimes(metrics);
    this.#decode = metrics.histogram(
      'framebus_decode_duration_seconds',
      'From a JPEG to the tensor of the model.',
    );
    this.#batch = metrics.histogram(
      'framebus_batch_size_frames',
      'Frames of one inference.',
      [],
      [1, 2, 4, 8, 16, 32, 64],
    );
    this.#inference = metrics.histogram(
      'framebus_inference_duration_seconds',
      'One inference, whatever the number of its frames.',
    );
    this.#age = frameAges(metrics, 'analysed');
  }

  /** @param inQueueMs since NATS stored the frame, by its clock */
  fetched(tookMs: number, inQueueMs: number): void {
    this.#queueAge.observe(Math.max(0, inQueueMs) / 1_000);
    this.#operation(['receive', 'frames'], tookMs);
  }

  decoded(tookMs: number): void {
    this.#decode.observe(tookMs / 1_000);
  }

  ran(frames: number, inferenceMs: number): void {
    this.#batch.observe(frames);
    this.#inference.observe(inferenceMs / 1_000);
  }

  /** @param ageMs of the frame when its event was confirmed */
  published(tookMs: number, ageMs: number): void {
    this.#operation(['publish', 'detections'], tookMs);
    this.#age(ageMs);
  }
}
