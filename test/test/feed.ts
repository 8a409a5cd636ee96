import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bus } from '@framebus/contract/service';
import { createLogger } from '@framebus/contract/service';
import { FramePublisher } from '@framebus/ingest/dist/src/frame-publisher.js';
import { NatsLink } from '@framebus/ingest/dist/src/nats-link.js';
import { SessionProgress } from '@framebus/ingest/dist/src/session-progress.js';
import { demoClip } from '@framebus/models/clip';

export const feedWidth = 800;
export const feedHeight = 450;

/** Pictures of the demo clip as ingest makes them: JPEG, by `scale` as ffmpeg's -q:v has it. */
export async function demoPictures(
  count: number,
  { width = feedWidth, height = feedHeight, scale = 10 } = {},
): Promise<Buffer[]> {
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-i', demoClip.file],
      ...['-vf', `scale=${width}:${height},format=yuvj420p`, '-frames:v', `${count}`],
      ...['-c:v', 'mjpeg', '-q:v', `${scale}`, '-f', 'image2pipe', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 },
  );
  const pictures: Buffer[] = [];
  for (let start = 0; start < stdout.length; ) {
    const end = stdout.indexOf(Buffer.of(0xff, 0xd9), start) + 2;
    pictures.push(stdout.subarray(start, end));
    start = end;
  }
  return pictures;
}

/**
 * Cameras without a decoder: ingest's own publishers, given the same picture at the same time, `fps` times a second.
 * Sixteen real ones would need more cores than what they are to load.
 */
export class Feed implements Disposable {
  readonly sessions: readonly SessionProgress[];
  readonly #timer: NodeJS.Timeout;
  readonly #offered: number[];

  /**
   * @param after frame indexes begin after it
   * @param spread the cameras' frames are spread evenly over time, as those of real cameras are
   */
  constructor(
    bus: Bus,
    cameras: number,
    fps: number,
    pictures: readonly Buffer[],
    after = 0,
    spread = false,
  ) {
    const link = new NatsLink(bus);
    const log = createLogger('feed', 'silent');
    this.sessions = Array.from(
      { length: cameras },
      (_, i) => new SessionProgress(`camera-${i + 1}`, 'feed', 0),
    );
    this.#offered = this.sessions.map(() => 0);
    const publishers = this.sessions.map((one) => new FramePublisher({ bus, link, log }, one));
    const started = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - started) / 1_000) * fps;
      for (const [i, publisher] of publishers.entries()) {
        // Late timers are caught up with, so that the rate holds.
        for (let n = this.#offered[i] as number; n < due - (spread ? i / cameras : 0); n++) {
          const jpeg = pictures[n % pictures.length] as Buffer;
          const frame = { capturedAt: Date.now(), width: feedWidth, height: feedHeight, jpeg };
          publisher.offer({ ...frame, frameIndex: after + n + 1 });
          this.#offered[i] = n + 1;
        }
      }
    }, 1);
  }

  /** Frames offered by each camera so far. */
  get offered(): number {
    return this.#offered[0] as number;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
