import type { DetectionEvent } from '@framebus/contract';
import type { Counters } from './counters.js';

/** The part of an event by which it is put in order. */
export type Ordered = Pick<
  DetectionEvent,
  'frame_index' | 'captured_at' | 'ticket_index' | 'previous_ticket_index'
>;

const rememberedReleases = 64;
const maxHeld = 1_000;

interface Held<E> {
  readonly event: E;
  /** performance.now() at which it is waited for no longer. */
  readonly until: number;
  /** The last ticket that led to the frame, and the ticket before the first. */
  ticket: number;
  previous: number;
}

/**
 * Puts the events of one session back in the order of their tickets, which N detectors finish out of order.
 * An event is held only while the event of the ticket before its own is missing, at most `holdMs`;
 * one that comes after a later one was released is dropped. So released frame indexes only grow.
 * What is held is bounded by `holdMs`, and past 1,000 events the oldest is waited for no longer.
 */
export class Order<E extends Ordered> implements Disposable {
  readonly #holdMs: number;
  readonly #release: (event: E) => void;
  readonly #counters: Pick<Counters, 'held' | 'late' | 'duplicate'>;
  /** By ticket, lowest first. */
  #held: Held<E>[] = [];
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
    const held = this.#held.find((other) => other.event.frame_index === event.frame_index);
    if (held) {
      // Two tickets can lead to the same frame: it stands for both.
      this.#counters.duplicate += 1;
      held.ticket = Math.max(held.ticket, event.ticket_index);
      held.previous = Math.min(held.previous, event.previous_ticket_index);
    } else if (event.frame_index <= (this.#last?.frame_index ?? 0)) {
      this.#counters[this.#recent.has(event.frame_index) ? 'duplicate' : 'late'] += 1;
      this.#passTicket(event.ticket_index);
    } else if (this.#follows(event.previous_ticket_index) || this.#holdMs === 0) {
      this.#releaseHeldBelow(event.ticket_index);
      this.#releaseNow(event, event.ticket_index);
    } else {
      this.#hold(event);
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

  #follows(previousTicket: number): boolean {
    if (this.#lastTicket === undefined || previousTicket === 0) return true;
    return previousTicket <= this.#lastTicket;
  }

  #hold(event: E): void {
    this.#counters.held += 1;
    const { ticket_index: ticket, previous_ticket_index: previous } = event;
    this.#held.push({ event, until: performance.now() + this.#holdMs, ticket, previous });
    this.#held.sort((a, b) => a.event.ticket_index - b.event.ticket_index);
    this.#timer ??= setTimeout(() => this.#onTimeout(), this.#holdMs);
    const [oldest] = this.#held;
    if (this.#held.length > maxHeld && oldest) {
      this.#releaseHeldBelow(oldest.event.ticket_index + 1);
    }
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
    for (let head = this.#held[0]; head && this.#follows(head.previous); head = this.#held[0]) {
      this.#held.shift();
      this.#releaseNow(head.event, head.ticket);
    }
    if (this.#held.length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #releaseHeldBelow(ticket: number): void {
    let head = this.#held[0];
    for (; head && head.event.ticket_index < ticket; head = this.#held[0]) {
      this.#held.shift();
      this.#releaseNow(head.event, head.ticket);
    }
  }

  #releaseNow(event: E, ticket: number): void {
    this.#passTicket(ticket);
    if (event.frame_index <= (this.#last?.frame_index ?? 0)) {
      this.#counters.late += 1;
      return;
    }
    this.#last = event;
    this.#recent.add(event.frame_index);
    const [oldest] = this.#recent;
    if (this.#recent.size > rememberedReleases && oldest !== undefined) this.#recent.delete(oldest);
    this.#release(event);
  }

  #passTicket(ticket: number): void {
    this.#lastTicket = Math.max(this.#lastTicket ?? 0, ticket);
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}
