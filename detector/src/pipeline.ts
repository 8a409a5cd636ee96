import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, type Logger, type TraceContext, traced } from '@framebus/contract/service';
import { Batch } from './batch.js';
import { readBoxes, type Wanted } from './boxes.js';
import { Counts } from './counts.js';
import { FramePreparer, type PreparedFrame } from './frame-preparer.js';
import type { Inference, Model } from './model.js';
import type { ModelOutput } from './model-output.js';
import { Pace } from './pace.js';
import { publishResult } from './result-publisher.js';
import type { TicketSource } from './ticket-source.js';
import type { Timings } from './timings.js';
import { tracedRun } from './traced-run.js';

export interface PipelineParts {
  readonly bus: Bus;
  readonly tickets: TicketSource;
  readonly model: Model;
  /** Most frames of one run. */
  readonly batch: number;
  /** How long a batch may wait to fill. */
  readonly batchWaitMs: number;
  readonly classNames: readonly string[];
  /** What the session wants. */
  readonly wantedOf: (sessionId: string) => Wanted;
  /** Id of this detector. */
  readonly id: string;
  readonly timings?: Timings;
  readonly log: Logger;
}

/** Batches in the model's hands, one of which runs; one more is only being fetched. */
const maxInModel = 2;
/** Batches between their decoding and their confirmed events: a confirmation takes a round trip, in which the model works. */
const maxInHand = 4;
/** A ticket that takes longer than this was not waiting, in ms. */
const ticketMs = 5;

/** What a frame has in common with those that ran with it. */
interface Run {
  readonly frames: number;
  /** The span of the run, where it has one of its own. */
  readonly span: TraceContext | undefined;
  /** When its run ended. */
  readonly ended: Promise<{ readonly output: ModelOutput; readonly inferenceMs: number }>;
}

/**
 * Tickets, frames, decode, infer, publish. While the model works on one batch the next is fetched and decoded, timed so
 * that it is ready as the model becomes free. At most two batches are in its hands; nothing else waits here but events
 * for their confirmation.
 */
export class Pipeline {
  readonly counts = new Counts();
  readonly #parts: PipelineParts;
  readonly #pace = new Pace();
  readonly #preparer: FramePreparer;
  readonly #pictureLength: number;
  readonly #spare: Float32Array<ArrayBuffer>[] = [];
  readonly #inHand = new Set<Promise<unknown>>();
  readonly #inModel = new Set<Promise<Inference>>();

  constructor(parts: PipelineParts) {
    const { bus, model, batch, log, timings } = parts;
    this.#parts = parts;
    this.#preparer = new FramePreparer(bus, model.input, batch, this.counts, log, timings);
    this.#pictureLength = 3 * model.input.width * model.input.height;
  }

  /** Works until the signal is aborted and what was in hand then is published. Rejects when the model died. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      while (this.#inHand.size >= maxInHand) await Promise.race(this.#inHand);
      while (this.#inModel.size >= maxInModel) await Promise.race(this.#inModel);
      const waitMs = Math.floor(this.#pace.waitMs(performance.now()));
      // Timers take a millisecond at least.
      if (waitMs > 0) await sleep(waitMs);
      const prepared = await this.#prepare(signal);
      if (prepared === undefined) continue;
      const work = this.#analyse(prepared.pixels, prepared.frames).finally(() =>
        this.#inHand.delete(work),
      );
      this.#inHand.add(work);
      work.catch(() => {});
    }
    await Promise.all(this.#inHand);
  }

  /** One batch: a ticket, and those that join it. Each frame is fetched as soon as its ticket is there. */
  async #prepare(signal: AbortSignal) {
    const { tickets, batch: most, batchWaitMs } = this.#parts;
    const asked = performance.now();
    const first = await tickets.take(signal);
    if (first === undefined) return undefined;
    const started = Math.max(asked, performance.now() - ticketMs);
    const pixels = this.#spare.pop() ?? new Float32Array(most * this.#pictureLength);
    const batch = new Batch(pixels, this.#pictureLength);
    batch.add((slot) => this.#preparer.prepare(first, slot));
    if (most > 1) {
      await tickets.takeMore(most - 1, batchWaitMs, (ticket) =>
        batch.add((slot) => this.#preparer.prepare(ticket, slot)),
      );
    }
    const frames = await batch.filled();
    if (frames.length > 0) {
      this.#pace.prepared(performance.now() - started);
      return { pixels, frames };
    }
    this.#spare.push(pixels);
    return undefined;
  }

  async #analyse(
    pixels: Float32Array<ArrayBuffer>,
    frames: readonly PreparedFrame[],
  ): Promise<void> {
    let span: TraceContext | undefined;
    const inference = tracedRun(frames, (of) => {
      span = of;
      return this.#infer(pixels, frames);
    });
    await Promise.all(
      frames.map((frame, i) => {
        const ended = inference.then(({ outputs, inferenceMs }) => ({
          output: outputs[i] as ModelOutput,
          inferenceMs,
        }));
        return this.#finish(frame, { frames: frames.length, span, ended });
      }),
    );
  }

  async #infer(pixels: Float32Array<ArrayBuffer>, frames: readonly PreparedFrame[]) {
    this.#pace.handed(performance.now());
    const sizes = frames.map(({ frame: { width, height } }) => ({ width, height }));
    const running = this.#parts.model.infer(pixels, sizes);
    this.#inModel.add(running);
    const inference = await running.finally(() => this.#inModel.delete(running));
    this.#pace.finished(performance.now(), inference.inferenceMs, this.#inModel.size);
    this.#spare.push(inference.pixels);
    this.counts.ran(frames.length);
    this.#parts.timings?.ran(frames.length, inference.inferenceMs);
    return inference;
  }

  /** Waits for the frame's run and publishes what it found. */
  async #finish(prepared: PreparedFrame, run: Run): Promise<void> {
    const { bus, log, timings } = this.#parts;
    const { ticket, frame, prepareMs } = prepared;
    const attributes = {
      'framebus.session': ticket.sessionId,
      'framebus.frame_index': frame.frameIndex,
    };
    const infer = {
      attributes: { ...attributes, 'framebus.batch_size': run.frames },
      ...(run.span && { links: [run.span] }),
    };
    const { trace } = frame;
    const { output, inferenceMs } = await traced('frame infer', trace, infer, () => run.ended);
    const event = this.#event(prepared, output, inferenceMs);
    const handed = performance.now();
    const published = await traced(
      'detection publish',
      trace,
      { attributes, kind: 'producer' },
      (span) => publishResult(bus, event, span, log),
    );
    this.#preparer.release(prepared);
    if (published !== 'published') return this.counts.drop(published);
    const ageMs = Date.now() - frame.capturedAt;
    timings?.published(performance.now() - handed, ageMs);
    this.counts.analysed(prepareMs, inferenceMs, ageMs);
  }

  #event({ ticket, frame }: PreparedFrame, output: ModelOutput, inferenceMs: number) {
    const { classNames, id, wantedOf } = this.#parts;
    return {
      session_id: ticket.sessionId,
      frame_index: frame.frameIndex,
      captured_at: frame.capturedAt,
      width: frame.width,
      height: frame.height,
      ...readBoxes(output, classNames, frame, wantedOf(ticket.sessionId)),
      inference_ms: Math.round(inferenceMs * 1_000) / 1_000,
      detector: id,
      ticket_index: ticket.ticketIndex,
      previous_ticket_index: ticket.previousTicketIndex,
      delivery_seq: ticket.deliverySeq,
      delivery_epoch: ticket.deliveryEpoch,
    };
  }
}
