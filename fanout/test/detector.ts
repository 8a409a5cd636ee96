import {
  type Detection,
  type DetectionEvent,
  type SessionEntry,
  subjectOf,
  writeFrameHeaders,
} from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import type { NatsServer } from '@framebus/test';
import sharp from 'sharp';

export const width = 320;
export const height = 240;
export const person: Detection = {
  ...{ class_id: 3, class_name: 'person', confidence: 0.5 },
  bbox: [100, 80, 200, 180],
};

/** Publishes what an ingest and a detector would. */
export class Detector implements AsyncDisposable {
  readonly bus: Bus;

  private constructor(bus: Bus) {
    this.bus = bus;
  }

  static async start(server: NatsServer): Promise<Detector> {
    const config = { natsUrl: [server.url], natsUser: '', natsPassword: '' };
    return new Detector(await Bus.open(config, 'test', createLogger('test', 'silent')));
  }

  /** An event whose ticket follows that of the frame before. */
  event(session: string, index: number, more: Partial<DetectionEvent> = {}): DetectionEvent {
    return {
      ...{ session_id: session, frame_index: index, captured_at: 1_700_000_000_000 + index },
      ...{ width, height, detections: [person], inference_ms: 1, detector: 'test' },
      ...{ ticket_index: index, previous_ticket_index: index - 1 },
      ...{ delivery_seq: index, delivery_epoch: 1 },
      ...more,
    };
  }

  publish(event: DetectionEvent): void {
    this.bus.connection.publish(subjectOf('detections', event.session_id), JSON.stringify(event));
  }

  publishFrame(session: string, frameIndex: number, jpeg: Uint8Array): void {
    const capturedAt = 1_700_000_000_000 + frameIndex;
    this.bus.connection.publish(subjectOf('frames', session), jpeg, {
      headers: writeFrameHeaders({ frameIndex, capturedAt, width, height }),
    });
  }

  async want(session: string, more: Partial<SessionEntry['spec']> = {}, start_time = 1) {
    const spec: SessionEntry['spec'] = {
      ...{ stream_url: 'rtsp://camera/1', enable_drawing: true, fps: 10, max_width: 800 },
      ...{ jpeg_quality: 70, confidence_threshold: 0.5, classes: [] },
      ...more,
    };
    const entry: SessionEntry = {
      ...{ session_id: session, wanted: 'running', spec, start_time },
      ...{ stopped_at: null, frame_count: 0 },
    };
    await this.bus.bucket('sessions').put(session, JSON.stringify(entry));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bus[Symbol.asyncDispose]();
  }
}

/** A JPEG of one colour. */
export function grey(level = 128): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
