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
  #offered = 0;

  /** @param after frame indexes begin after it */
  constructor(bus: Bus, cameras: number, fps: number, pictures: readonly Buffer[], after = 0) {
    const link = new NatsLink(bus);
    const log = createLogger('feed', 'silent');
    this.sessions = Array.from(
      { length: cameras },
      (_, i) => new SessionProgress(`camera-${i + 1}`, 'feed', 0),
    );
    const publishers = this.sessions.map((one) => new FramePublisher(bus, link, one, log));
    const started = performance.now();
    this.#timer = setInterval(() => {
      // Late timers are caught up with, so that the rate holds.
      while (this.#offered < ((performance.now() - started) / 1_000) * fps) {
        const jpeg = pictures[this.#offered % pictures.length] as Buffer;
        this.#offered++;
        const frame = { capturedAt: Date.now(), width: feedWidth, height: feedHeight, jpeg };
        const frameIndex = after + this.#offered;
        for (const publisher of publishers) publisher.offer({ ...frame, frameIndex });
      }
    }, 1);
  }

  /** Frames offered by each camera so far. */
  get offered(): number {
    return this.#offered;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
