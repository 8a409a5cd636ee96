import { MalformedMessageError } from '@framebus/contract';
import { type Bus, type Logger, traced, traceIds } from '@framebus/contract/service';
import { acknowledge } from './acknowledge.js';
import type { Counts, DropReason } from './counts.js';
import type { Size } from './export-style.js';
import { newestFrame, type StoredFrame } from './newest-frame.js';
import { PictureDecoder, UndecodableFrameError } from './picture.js';
import type { TakenTicket } from './ticket-source.js';
import type { Timings } from './timings.js';

/** A frame whose picture is decoded. */
export interface PreparedFrame {
  readonly ticket: TakenTicket;
  readonly frame: StoredFrame;
  /** From the ticket on. */
  readonly prepareMs: number;
}

/** Fetches and decodes the frame of a ticket. What cannot be analysed is dropped, its ticket acked unless NATS gave no answer. */
export class FramePreparer {
  readonly #bus: Bus;
  readonly #pictures: PictureDecoder;
  readonly #counts: Counts;
  readonly #timings: Timings | undefined;
  readonly #log: Logger;
  readonly #inHand = new Set<string>();

  /** @param most frames that are prepared at once */
  constructor(bus: Bus, input: Size, most: number, counts: Counts, log: Logger, timings?: Timings) {
    this.#bus = bus;
    this.#pictures = new PictureDecoder(input, most > 1);
    this.#counts = counts;
    this.#timings = timings;
    this.#log = log;
  }

  /** Decodes into `pixels`; undefined when there was nothing to decode. Each frame given is to be released. */
  async prepare(ticket: TakenTicket, pixels: Float32Array): Promise<PreparedFrame | undefined> {
    const { sessionId, ticketIndex } = ticket;
    const span = {
      attributes: { 'framebus.session': sessionId },
      startTime: Date.now(),
      kind: 'consumer',
      links: [ticket.trace],
    } as const;
    const started = performance.now();
    let { trace } = ticket;
    try {
      const fetching = newestFrame(this.#bus.connection, sessionId, ticketIndex);
      trace = await fetching.then(
        (frame) => frame?.trace ?? trace,
        () => trace,
      );
      return await traced('frame prepare', trace, span, async () => {
        const frame = await fetching;
        acknowledge(ticket, frame);
        if (frame === undefined) return this.#counts.drop('expired');
        const key = keyOf(ticket, frame);
        // See acknowledge(): its own ticket may have slipped through. Its event would be a duplicate.
        if (this.#inHand.has(key)) return this.#counts.drop('duplicate');
        this.#inHand.add(key);
        const fetched = performance.now();
        this.#timings?.fetched(fetched - started, Date.now() - frame.storedAt);
        await this.#pictures.decodeInto(pixels, frame).catch((error: unknown) => {
          this.#inHand.delete(key);
          throw error;
        });
        const ended = performance.now();
        this.#timings?.decoded(ended - fetched);
        return { ticket, frame, prepareMs: ended - started };
      });
    } catch (error) {
      const reason = dropReasonOf(error);
      // What NATS did not answer another detector may still get: the ticket comes again.
      if (reason !== 'failed') ticket.ack();
      const ids = traceIds(trace);
      this.#log.warn(
        { session_id: sessionId, reason, cause: String(error), ...ids },
        'frame dropped',
      );
      return this.#counts.drop(reason);
    }
  }

  /** The frame is not in hand any more. */
  release({ ticket, frame }: PreparedFrame): void {
    this.#inHand.delete(keyOf(ticket, frame));
  }
}

function keyOf({ sessionId }: TakenTicket, { frameIndex }: StoredFrame): string {
  return `${sessionId}:${frameIndex}`;
}

function dropReasonOf(error: unknown): DropReason {
  if (error instanceof UndecodableFrameError) return 'undecodable';
  return error instanceof MalformedMessageError ? 'malformed' : 'failed';
}
