import { subjectOf, writeFrameHeaders } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';

/** About 2 KB of JSON: what a busy street gives. */
const detections = Array.from({ length: 19 }, (_, i) => ({
  ...{ class_id: i % 6, class_name: 'bicycle', confidence: 0.8765 },
  bbox: [100.25 + i, 200.25, 300.75 + i, 400.75],
}));

/** A session's events, and its pictures, as an ingest and a detector would publish them, `rate` times a second. */
export class EventSource implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #index = 0;

  constructor(bus: Bus, session: string, rate: number, jpeg?: Uint8Array) {
    const periodMs = 1_000 / rate;
    let due = performance.now();
    this.#timer = setInterval(() => {
      for (; due <= performance.now(); due += periodMs) this.#publish(bus, session, jpeg);
    }, 1);
  }

  get published(): number {
    return this.#index;
  }

  #publish({ connection }: Bus, session: string, jpeg: Uint8Array | undefined): void {
    const frame_index = ++this.#index;
    const captured_at = Date.now();
    const size = { width: 800, height: 450 };
    if (jpeg !== undefined) {
      const headers = writeFrameHeaders({
        frameIndex: frame_index,
        capturedAt: captured_at,
        ...size,
      });
      connection.publish(subjectOf('frames', session), jpeg, { headers });
    }
    const event = {
      ...{ session_id: session, frame_index, captured_at, ...size, detections },
      ...{ inference_ms: 10, detector: 'bench' },
      ...{ ticket_index: frame_index, previous_ticket_index: frame_index - 1 },
      ...{ delivery_seq: frame_index, delivery_epoch: 1 },
    };
    connection.publish(subjectOf('detections', session), JSON.stringify(event));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
