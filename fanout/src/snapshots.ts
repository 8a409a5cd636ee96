import { type Detection, type DetectionEvent, readFrame, subjectOf } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import sharp from 'sharp';
import { annotate } from './annotate.js';
import type { Counters } from './counters.js';
import type { Labels } from './labels.js';
import { declareSnapshots, snapshotSubject } from './snapshot-stream.js';

const mostAtOnce = 4;
const answerMs = 1_000;
/** Pixels. */
const longestSide = 640;
const jpegQuality = 72;

export interface SnapshotsOptions {
  /** NATS_REPLICAS. */
  readonly replicas: number;
  readonly labels: Labels;
  readonly counters: Counters;
  readonly log: Logger;
}

/**
 * Keeps a picture of each alert, 640 pixels at its longest side: the alert's frame with its boxes, or the next frame
 * without boxes when that one is gone. At most four are made at once; what comes then is not kept, and counted.
 */
export class Snapshots implements Disposable {
  readonly #bus: Bus;
  readonly #options: SnapshotsOptions;
  readonly #offRedeclared: () => void;
  #making = 0;

  private constructor(bus: Bus, options: SnapshotsOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#offRedeclared = bus.onRedeclared(() => void this.#declare());
  }

  /** Without the stream, which a NATS user of before may not add, there are no snapshots; alerts come all the same. */
  static async open(bus: Bus, options: SnapshotsOptions): Promise<Snapshots> {
    const snapshots = new Snapshots(bus, options);
    await snapshots.#declare();
    return snapshots;
  }

  /** `jpeg` is the event's frame where it is at hand, `detections` those that are drawn. */
  async keep(
    event: DetectionEvent,
    detections: readonly Detection[],
    jpeg: Uint8Array | undefined,
  ): Promise<void> {
    const { counters, log } = this.#options;
    if (this.#making >= mostAtOnce) {
      counters.snapshotFailures += 1;
      return;
    }
    this.#making += 1;
    try {
      const picture = await this.#picture(event, detections, jpeg);
      const subject = snapshotSubject(event.session_id, event.frame_index);
      await this.#bus.jetstream.publish(subject, picture, { timeout: answerMs * 2 });
      counters.snapshots += 1;
    } catch (error) {
      counters.snapshotFailures += 1;
      log.debug({ session: event.session_id, reason: String(error) }, 'snapshot not kept');
    } finally {
      this.#making -= 1;
    }
  }

  /** The JPEG; undefined when there is none. */
  async read(sessionId: string, frameIndex: number): Promise<Uint8Array | undefined> {
    const subject = `$JS.API.DIRECT.GET.SNAPSHOTS.${snapshotSubject(sessionId, frameIndex)}`;
    const message = await this.#bus.connection.request(subject, undefined, { timeout: answerMs });
    return message.headers?.code ? undefined : message.data;
  }

  async #picture(
    { session_id, frame_index }: DetectionEvent,
    detections: readonly Detection[],
    jpeg: Uint8Array | undefined,
  ): Promise<Buffer> {
    const frame = jpeg === undefined ? await this.#newestFrame(session_id) : null;
    const source = jpeg ?? frame?.jpeg;
    if (source === undefined) throw new Error('the frame is gone');
    const isTheFrame = frame === null || frame.frameIndex === frame_index;
    const drawn = isTheFrame ? await annotate(source, detections, this.#options.labels) : source;
    const size = { width: longestSide, height: longestSide, fit: 'inside' } as const;
    return sharp(drawn)
      .resize({ ...size, withoutEnlargement: true })
      .jpeg({ quality: jpegQuality })
      .toBuffer();
  }

  async #newestFrame(sessionId: string) {
    const subject = `$JS.API.DIRECT.GET.FRAMES.${subjectOf('frames', sessionId)}`;
    const message = await this.#bus.connection.request(subject, undefined, { timeout: answerMs });
    return message.headers?.code ? null : readFrame(message);
  }

  async #declare(): Promise<void> {
    try {
      await declareSnapshots(this.#bus, this.#options.replicas);
    } catch (error) {
      this.#options.log.warn({ reason: String(error) }, 'no snapshots of alerts');
    }
  }

  [Symbol.dispose](): void {
    this.#offRedeclared();
  }
}
