import {
  type Detection,
  type DetectionEvent,
  type SessionEntry,
  type SessionState,
  subjectOf,
  writeFrameHeaders,
} from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import { demoClip, readGroundTruth } from '@framebus/models/clip';
import { demoPictures, feedHeight, feedWidth } from './feed.js';

const renewMs = 1_500;
const pictureCount = 50;

/**
 * Sessions of the demo clip without a camera, a decoder or a detector: their frames, their true boxes and their
 * leases, so that a page gets all that it would get, and the machine's cores are left to it.
 */
export class PaintedCameras implements Disposable {
  readonly ids: readonly string[];
  /** Frames of each camera that were sent. */
  sent = 0;
  readonly #bus: Bus;
  readonly #pictures: readonly Buffer[];
  readonly #detections: readonly (readonly Detection[])[];
  readonly #fps: number;
  readonly #startedAt = performance.now();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #frames: number[];
  #seq = 0;

  private constructor(
    bus: Bus,
    ids: readonly string[],
    fps: number,
    pictures: readonly Buffer[],
    detections: readonly (readonly Detection[])[],
  ) {
    this.#bus = bus;
    this.#fps = fps;
    this.#pictures = pictures;
    this.#detections = detections;
    this.ids = ids;
    this.#frames = ids.map(() => 0);
    this.#timers = [
      // One that a busy machine is late with is made up for by the next.
      setInterval(() => void this.#renew().catch(() => {}), renewMs),
      setInterval(() => this.#publish(), 5),
    ];
  }

  /** @param fps of each camera; their frames are spread evenly over time */
  static async start(bus: Bus, count: number, fps: number): Promise<PaintedCameras> {
    const pictures = await demoPictures(pictureCount);
    const { frames, width } = await readGroundTruth(demoClip.truth);
    const scale = feedWidth / width;
    const detections = pictures.map((_, at) =>
      (frames[at] ?? []).map(({ class_id, class_name, bbox: [x1, y1, x2, y2] }) => ({
        ...{ class_id, class_name, confidence: 0.9 },
        bbox: [x1 * scale, y1 * scale, x2 * scale, y2 * scale] as const,
      })),
    );
    const ids = Array.from({ length: count }, (_, i) => `camera-${i + 1}`);
    const cameras = new PaintedCameras(bus, ids, fps, pictures, detections);
    // The lease comes first: no ingest takes what another has.
    await cameras.#renew();
    const entries = bus.bucket('sessions');
    for (const id of ids) await entries.put(id, JSON.stringify(entryOf(id, fps)));
    return cameras;
  }

  async #renew(): Promise<void> {
    const states = this.#bus.bucket('session-state');
    const written = this.ids.map((session_id, i) => {
      const state: SessionState = {
        ...{ session_id, status: 'running', owner: 'painter', frame_count: this.#frames[i] ?? 0 },
        ...{ fps: this.#fps, drops: {}, last_error: null, width: feedWidth, height: feedHeight },
      };
      return states.put(session_id, JSON.stringify(state));
    });
    await Promise.all(written);
  }

  #publish(): void {
    const due = ((performance.now() - this.#startedAt) / 1_000) * this.#fps;
    for (const [i, id] of this.ids.entries()) {
      for (let n = this.#frames[i] ?? 0; n < due - i / this.ids.length; n += 1) {
        this.#frames[i] = n + 1;
        this.#frame(id, n, (n + i * 7) % this.#pictures.length);
      }
    }
    this.sent = this.#frames[0] ?? 0;
  }

  #frame(session_id: string, n: number, picture: number): void {
    const capturedAt = Date.now();
    const frame = { frameIndex: n + 1, capturedAt, width: feedWidth, height: feedHeight };
    const { connection } = this.#bus;
    connection.publish(subjectOf('frames', session_id), this.#pictures[picture] as Buffer, {
      headers: writeFrameHeaders(frame),
    });
    this.#seq += 1;
    const event: DetectionEvent = {
      ...{ session_id, frame_index: n + 1, captured_at: capturedAt },
      ...{ width: feedWidth, height: feedHeight, detections: this.#detections[picture] ?? [] },
      ...{ inference_ms: 1, detector: 'painter', ticket_index: n + 1, previous_ticket_index: n },
      ...{ delivery_seq: this.#seq, delivery_epoch: 1 },
    };
    connection.publish(subjectOf('detections', session_id), JSON.stringify(event));
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

function entryOf(session_id: string, fps: number): SessionEntry {
  return {
    ...{ session_id, wanted: 'running', start_time: Date.now() / 1_000, stopped_at: null },
    frame_count: 0,
    spec: {
      ...{ stream_url: 'rtsp://painter.test/1', enable_drawing: true, fps, max_width: feedWidth },
      ...{ jpeg_quality: 70, confidence_threshold: 0.5, classes: [] },
    },
  };
}
