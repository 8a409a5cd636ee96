import { type Frame, frameMaxAgeMs, type Ticket } from '@framebus/contract';
import { type Bus, type Logger, type TraceContext, traceIds } from '@framebus/contract/service';
import { hasFrame, waitingTicketIndex } from './frame-index.js';
import type { NatsLink } from './nats-link.js';
import type { DropReason, SessionProgress } from './session-progress.js';
import { type Stored, storeFrame } from './store-frame.js';
import type { Timings } from './timings.js';

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
  /** The ticket that JetStream took last, and the newest frame that it took, with when that was by `performance.now()`. */
  #ticket: Ticket | undefined;
  #frame: { readonly frame: Frame; readonly storedAt: number } | undefined;
  /** How often NATS had been reconnected when what it keeps was last looked at. */
  #reconnects: number;
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
    this.#reconnects = bus.reconnects;
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
    if (this.#bus.reconnects !== this.#reconnects) await this.#restore(this.#bus.reconnects);
    this.#previousTicketIndex ??= await waitingTicketIndex(this.#bus, sessionId).catch(() => 0);
    // Last, for what came before may have taken longer than the lease.
    if (!this.#mayPublish())
      return this.#drop('unpublished', 'another ingest may have the session');
    const ticket = {
      ticketIndex: frame.frameIndex,
      previousTicketIndex: this.#previousTicketIndex,
    };
    const started = performance.now();
    const stored = await storeFrame(this.#bus, sessionId, frame, ticket);
    this.#note(frame, ticket, stored, started);
  }

  /**
   * A server that was killed has lost the frame and the ticket that it kept in memory. Where no frame is left, both are
   * published again, so that this ticket too has its event. Had that frame one already, JetStream drops the second.
   */
  async #restore(reconnects: number): Promise<void> {
    const [ticket, kept] = [this.#ticket, this.#frame];
    const { sessionId } = this.#progress;
    if (ticket && kept && performance.now() - kept.storedAt < frameMaxAgeMs) {
      const there = await hasFrame(this.#bus, sessionId).catch(() => undefined);
      if (there === undefined || !this.#mayPublish()) return;
      if (!there) {
        await storeFrame(this.#bus, sessionId, kept.frame, ticket);
        this.#previousTicketIndex = undefined;
      }
    }
    this.#reconnects = reconnects;
  }

  #note(frame: Frame, ticket: Ticket, stored: Stored, started: number): void {
    const { frameError, ticketError, waits, span } = stored;
    // Without an answer the ticket may be there or not.
    if (ticketError) this.#previousTicketIndex = undefined;
    else if (!waits) {
      this.#previousTicketIndex = frame.frameIndex;
      this.#ticket = ticket;
    }
    if (!frameError) {
      const storedAt = performance.now();
      this.#frame = { frame, storedAt };
      this.#progress.published.mark();
      this.#progress.publishedFrames += 1;
      this.#timings?.published(storedAt - started, Date.now() - frame.capturedAt);
    }
    if (frameError) this.#drop('unpublished', frameError, span);
    else if (waits) this.#progress.drops.coalesced += 1;
    else if (ticketError) this.#drop('unpublished', ticketError, span);
  }

  #drop(reason: DropReason, cause: unknown, span?: TraceContext): void {
    this.#progress.drops[reason] += 1;
    const session_id = this.#progress.sessionId;
    const ids = span === undefined ? {} : traceIds(span);
    this.#log.warn({ session_id, reason, cause: String(cause), ...ids }, 'frame dropped');
  }
}
