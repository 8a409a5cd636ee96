import type { DetectionEvent } from '@framebus/contract';
import type { Counters } from './counters.js';

/** The part of an event by which it is put in order. */
export type Ordered = Pick<
  DetectionEvent,
  'frame_index' | 'captured_at' | 'ticket_index' | 'previous_ticket_index'
>;

const rememberedReleases = 64;

/**
 * Puts the events of one session back in the order of their tickets, which N detectors finish out of order.
 * An event is held only while the event of the ticket before its own is missing, at most `holdMs`;
 * one that comes after a later one was released is dropped. So released frame indexes only grow.
 * What is held is bounded by `holdMs`.
 */
export class Order<E extends Ordered> implements Disposable {
  readonly #holdMs: number;
  readonly #release: (event: E) => void;
  readonly #counters: Pick<Counters, 'held' | 'late' | 'duplicate'>;
  /** By ticket, lowest first. */
  #held: { readonly event: E; readonly until: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastTicket: number | undefined;
  #last: E | undefined;
  #recent = new Set<number>();

  constructor(
    holdMs: number,
    release: (event: E) => void,
    counters: Pick<Counters, 'held' | 'late' | 'duplicate'>,
  ) {
    this.#holdMs = holdMs;
    this.#release = release;
    this.#counters = counters;
  }

  /** The newest event that was released. */
  get last(): E | undefined {
    return this.#last;
  }

  push(event: E): void {
    if (this.#isDuplicate(event)) {
      this.#counters.duplicate += 1;
      // Two tickets can lead to the same frame: the chain goes on by either.
      this.#passTicket(event);
    } else if (event.frame_index <= (this.#last?.frame_index ?? 0)) {
      this.#counters.late += 1;
      this.#passTicket(event);
    } else if (this.#follows(event) || this.#holdMs === 0) {
      this.#releaseHeldBelow(event.ticket_index);
      this.#releaseNow(event);
    } else {
      this.#hold(event);
      return;
    }
    this.#releaseReady();
  }

  /** Forgets everything: the session's frame indexes start again. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = [];
    this.#lastTicket = undefined;
    this.#last = undefined;
    this.#recent.clear();
  }

  #isDuplicate({ frame_index }: E): boolean {
    return (
      this.#recent.has(frame_index) ||
      this.#held.some(({ event }) => event.frame_index === frame_index)
    );
  }

  #follows({ previous_ticket_index }: E): boolean {
    return (
      this.#lastTicket === undefined ||
      previous_ticket_index === 0 ||
      previous_ticket_index <= this.#lastTicket
    );
  }

  #hold(event: E): void {
    this.#counters.held += 1;
    this.#held.push({ event, until: performance.now() + this.#holdMs });
    this.#held.sort((a, b) => a.event.ticket_index - b.event.ticket_index);
    this.#timer ??= setTimeout(() => this.#onTimeout(), this.#holdMs);
  }

  #onTimeout(): void {
    this.#timer = undefined;
    // Timers may fire a fraction of a ms early.
    const now = performance.now() + 1;
    const overdue = this.#held.findLast(({ until }) => until <= now);
    if (overdue) this.#releaseHeldBelow(overdue.event.ticket_index + 1);
    this.#releaseReady();
    if (this.#held.length === 0) return;
    const next = Math.min(...this.#held.map(({ until }) => until));
    this.#timer ??= setTimeout(() => this.#onTimeout(), Math.max(0, next - now + 1));
  }

  #releaseReady(): void {
    for (let head = this.#held[0]; head && this.#follows(head.event); head = this.#held[0]) {
      this.#held.shift();
      this.#releaseNow(head.event);
    }
    if (this.#held.length === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  #releaseHeldBelow(ticketIndex: number): void {
    for (
      let head = this.#held[0];
      head && head.event.ticket_index < ticketIndex;
      head = this.#held[0]
    ) {
      this.#held.shift();
      this.#releaseNow(head.event);
    }
  }

  #releaseNow(event: E): void {
    this.#passTicket(event);
    if (event.frame_index <= (this.#last?.frame_index ?? 0)) {
      this.#counters.late += 1;
      return;
    }
    this.#last = event;
    this.#recent.add(event.frame_index);
    if (this.#recent.size > rememberedReleases) {
      for (const oldest of this.#recent) {
        this.#recent.delete(oldest);
        break;
      }
    }
    this.#release(event);
  }

  #passTicket({ ticket_index }: E): void {
    this.#lastTicket = Math.max(this.#lastTicket ?? 0, ticket_index);
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}
