import {
  type Frame,
  subjectOf,
  ticketWaitsErrorCode,
  writeFrameHeaders,
  writeTicketHeaders,
} from '@framebus/contract';
import {
  type Bus,
  jetStreamErrorCode,
  type Logger,
  readTrace,
  type TraceContext,
  traced,
  traceIds,
  writeTrace,
} from '@framebus/contract/service';
import { Empty } from 'nats';
import { waitingTicketIndex } from './frame-index.js';
import type { NatsLink } from './nats-link.js';
import type { DropReason, SessionProgress } from './session-progress.js';
import type { Timings } from './timings.js';

const ackTimeoutMs = 2_000;
/** What headers and protocol add to a picture, rounded up. */
const headerBytes = 512;

export interface PublisherSetup {
  readonly bus: Bus;
  readonly link: NatsLink;
  readonly log: Logger;
  readonly timings?: Timings;
}

/**
 * Publishes the frames of one session, one at a time. While one is under way only the newest of the others is kept;
 * those that it replaces are counted as `behind`.
 */
export class FramePublisher {
  readonly #bus: Bus;
  readonly #link: NatsLink;
  readonly #progress: SessionProgress;
  readonly #log: Logger;
  readonly #timings: Timings | undefined;
  readonly #mayPublish: () => boolean;
  /** Undefined: it is not known. */
  #previousTicketIndex: number | undefined;
  #waiting: Frame | undefined;
  #running: Promise<void> | undefined;

  /** @param mayPublish whether the session is this ingest's; asked for each frame */
  constructor(
    { bus, link, log, timings }: PublisherSetup,
    progress: SessionProgress,
    mayPublish: () => boolean = () => true,
  ) {
    this.#bus = bus;
    this.#link = link;
    this.#progress = progress;
    this.#log = log;
    this.#timings = timings;
    this.#mayPublish = mayPublish;
  }

  offer(frame: Frame): void {
    if (this.#waiting) this.#progress.drops.behind += 1;
    this.#waiting = frame;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits for what is under way; a frame that waits is not sent any more. */
  async close(): Promise<void> {
    this.#waiting = undefined;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting) {
      const frame = this.#waiting;
      this.#waiting = undefined;
      await this.#publish(frame);
    }
  }

  async #publish(frame: Frame): Promise<void> {
    const maxBytes = (this.#bus.connection.info?.max_payload ?? 1024 * 1024) - headerBytes;
    if (frame.jpeg.length > maxBytes) {
      const bytes = frame.jpeg.length;
      const message = `frame of ${bytes} bytes, but NATS takes ${maxBytes}: lower max_width or jpeg_quality`;
      this.#progress.fail({
        ...{ code: 'FRAME_TOO_LARGE', message },
        details: { bytes, most: maxBytes },
      });
      return this.#drop('too_large', message);
    }
    // What is published without a connection would pile up in the client.
    if (!this.#link.up) return this.#drop('unpublished', 'NATS is away');
    const { sessionId } = this.#progress;
    this.#previousTicketIndex ??= await waitingTicketIndex(this.#bus, sessionId).catch(() => 0);
    // Last, for what came before may have taken longer than the lease.
    if (!this.#mayPublish())
      return this.#drop('unpublished', 'another ingest may have the session');
    const attributes = {
      'framebus.session': this.#progress.sessionId,
      'framebus.frame_index': frame.frameIndex,
    };
    const options = { attributes, startTime: frame.capturedAt, kind: 'producer' } as const;
    await traced('frame publish', readTrace(undefined), options, (span) => this.#send(frame, span));
  }

  async #send(frame: Frame, span: TraceContext): Promise<void> {
    const { jetstream } = this.#bus;
    const { sessionId } = this.#progress;
    const previousTicketIndex = this.#previousTicketIndex ?? 0;
    const started = performance.now();
    // The ticket follows at once: a detector hardly can take this frame by the ticket before, and again by this one.
    const [frameAck, ticketAck] = await Promise.allSettled([
      jetstream.publish(subjectOf('frames', sessionId), frame.jpeg, {
        headers: writeTrace(writeFrameHeaders(frame), span),
        timeout: ackTimeoutMs,
      }),
      jetstream.publish(subjectOf('tickets', sessionId), Empty, {
        headers: writeTrace(
          writeTicketHeaders({
            ticketIndex: frame.frameIndex,
            previousTicketIndex,
          }),
          span,
        ),
        timeout: ackTimeoutMs,
      }),
    ]);
    const waits =
      ticketAck.status === 'rejected' &&
      jetStreamErrorCode(ticketAck.reason) === ticketWaitsErrorCode;
    if (ticketAck.status === 'fulfilled') this.#previousTicketIndex = frame.frameIndex;
    // Without an answer the ticket may be there or not.
    else if (!waits) this.#previousTicketIndex = undefined;
    if (frameAck.status === 'fulfilled') {
      this.#progress.published.mark();
      this.#progress.publishedFrames += 1;
      this.#timings?.published(performance.now() - started, Date.now() - frame.capturedAt);
    }
    if (frameAck.status === 'rejected') this.#drop('unpublished', frameAck.reason, span);
    else if (waits) this.#progress.drops.coalesced += 1;
    else if (ticketAck.status === 'rejected') this.#drop('unpublished', ticketAck.reason, span);
  }

  #drop(reason: DropReason, cause: unknown, span?: TraceContext): void {
    this.#progress.drops[reason] += 1;
    const session_id = this.#progress.sessionId;
    const ids = span === undefined ? {} : traceIds(span);
    this.#log.warn({ session_id, reason, cause: String(cause), ...ids }, 'frame dropped');
  }
}
