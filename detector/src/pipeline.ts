import { setTimeout as sleep } from 'node:timers/promises';
import { type Frame, MalformedMessageError } from '@framebus/contract';
import { type Bus, type Logger, LogLimit, traced } from '@framebus/contract/service';
import { acknowledge } from './acknowledge.js';
import { readBoxes, type Wanted } from './boxes.js';
import { Counts, type DropReason } from './counts.js';
import type { Inference, Model } from './model.js';
import { newestFrame } from './newest-frame.js';
import { Pace } from './pace.js';
import { PictureDecoder, UndecodableFrameError } from './picture.js';
import { publishResult } from './result-publisher.js';
import type { TakenTicket, TicketSource } from './ticket-source.js';

export interface PipelineParts {
  readonly bus: Bus;
  readonly tickets: TicketSource;
  readonly model: Model;
  readonly classNames: readonly string[];
  /** What the session wants. */
  readonly wantedOf: (sessionId: string) => Wanted;
  /** Id of this detector. */
  readonly id: string;
  readonly log: Logger;
}

interface Prepared {
  readonly ticket: TakenTicket;
  readonly frame: Frame;
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly prepareMs: number;
}

/** Frames between their decoding and their confirmed event; one more is only being fetched. */
const maxInHand = 2;

/**
 * Ticket, frame, decode, infer, publish. While the model works on one frame the next is fetched and decoded, timed so
 * that it is ready as the model becomes free. At most two frames are in hand; nothing else waits here.
 */
export class Pipeline {
  readonly counts = new Counts();
  readonly #parts: PipelineParts;
  readonly #pace = new Pace();
  readonly #pictures: PictureDecoder;
  readonly #logLimit = new LogLimit();
  readonly #inHand = new Set<Promise<void>>();
  #inModel = 0;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#pictures = new PictureDecoder(parts.model.input);
  }

  /** Works until the signal is aborted and what was in hand then is published. Rejects when the model died. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      while (this.#inHand.size >= maxInHand) await Promise.race(this.#inHand);
      await sleep(this.#pace.waitMs(performance.now()));
      const prepared = await this.#prepare(signal);
      if (prepared === undefined) continue;
      const work = this.#analyse(prepared).finally(() => this.#inHand.delete(work));
      this.#inHand.add(work);
      work.catch(() => {});
    }
    await Promise.all(this.#inHand);
  }

  async #prepare(signal: AbortSignal): Promise<Prepared | undefined> {
    const { bus, tickets, model, log } = this.#parts;
    const ticket = await tickets.take(signal);
    if (ticket === undefined) return undefined;
    const attributes = { 'framebus.session': ticket.sessionId };
    try {
      return await traced('frame prepare', ticket.trace, { attributes }, async () => {
        const started = performance.now();
        const frame = await newestFrame(bus.connection, ticket.sessionId, ticket.ticketIndex);
        acknowledge(ticket, frame);
        if (frame === undefined) return this.#drop('expired');
        const pixels = model.takeBuffer();
        await this.#pictures.decodeInto(pixels, frame);
        const prepareMs = performance.now() - started;
        this.#pace.prepared(prepareMs);
        return { ticket, frame, pixels, prepareMs };
      });
    } catch (error) {
      ticket.ack();
      const reason = dropReasonOf(error);
      this.#logLimit.once(reason, () =>
        log.warn({ session_id: ticket.sessionId, reason, cause: String(error) }, 'frame dropped'),
      );
      return this.#drop(reason);
    }
  }

  #drop(reason: DropReason): undefined {
    this.counts.dropped[reason]++;
  }

  async #analyse(prepared: Prepared): Promise<void> {
    const { ticket, frame, prepareMs } = prepared;
    const { bus, log } = this.#parts;
    const attributes = {
      'framebus.session': ticket.sessionId,
      'framebus.frame_index': frame.frameIndex,
    };
    const inference = await traced('frame infer', ticket.trace, { attributes }, () =>
      this.#infer(prepared),
    );
    const event = this.#event(ticket, frame, inference);
    const published = await traced('detection publish', ticket.trace, { attributes }, (span) =>
      publishResult(bus, event, span, log),
    );
    if (published !== 'published') return this.#drop(published);
    this.counts.analysed(prepareMs, inference.inferenceMs, Date.now() - frame.capturedAt);
  }

  async #infer({ frame, pixels }: Prepared): Promise<Inference> {
    this.#inModel++;
    this.#pace.handed(performance.now());
    const inference = await this.#parts.model.infer(pixels, frame.width, frame.height);
    this.#inModel--;
    this.#pace.finished(performance.now(), inference.inferenceMs, this.#inModel);
    return inference;
  }

  #event(ticket: TakenTicket, frame: Frame, { output, inferenceMs }: Inference) {
    const { classNames, id, wantedOf } = this.#parts;
    return {
      session_id: ticket.sessionId,
      frame_index: frame.frameIndex,
      captured_at: frame.capturedAt,
      width: frame.width,
      height: frame.height,
      detections: readBoxes(output, classNames, frame, wantedOf(ticket.sessionId)),
      inference_ms: Math.round(inferenceMs * 1_000) / 1_000,
      detector: id,
      ticket_index: ticket.ticketIndex,
      previous_ticket_index: ticket.previousTicketIndex,
      delivery_seq: ticket.deliverySeq,
      delivery_epoch: ticket.deliveryEpoch,
    };
  }
}

function dropReasonOf(error: unknown): DropReason {
  if (error instanceof UndecodableFrameError) return 'undecodable';
  return error instanceof MalformedMessageError ? 'malformed' : 'failed';
}
