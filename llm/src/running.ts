import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { ApiError } from './errors.js';

const finishMs = 1000;
const flushMs = 500;

/**
 * The answers under way, streamed or plain. Bounded: one more than `max` is refused.
 * Each has a signal that aborts with an ApiError when its client goes away or the server stops.
 */
export class RunningAnswers {
  readonly #max: number;
  readonly #running = new Set<Running>();
  #stopping = false;

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#running.size;
  }

  /** @throws ApiError `server_stopping` */
  checkOpen(): void {
    if (this.#stopping) throw stopping();
  }

  /** @throws ApiError `server_stopping` or `rate_limit_exceeded` */
  begin(response: ServerResponse): AbortSignal {
    this.checkOpen();
    if (this.#running.size >= this.#max) {
      throw new ApiError(
        'rate_limit_exceeded',
        `Too many answers are under way: at most ${this.#max} at once. Try again later.`,
      );
    }
    const controller = new AbortController();
    if (response.closed) {
      controller.abort(clientGone());
      return controller.signal;
    }
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        this.#running.delete(running);
        controller.abort(clientGone());
        resolve();
      });
    });
    const running = { response, controller, closed };
    this.#running.add(running);
    return controller.signal;
  }

  /**
   * Takes no more, lets those under way finish for a second, then ends them with an error,
   * and cuts off clients that do not even read that. None is under way afterwards.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#closedWithin(finishMs);
    for (const { controller } of this.#running) controller.abort(stopping());
    await this.#closedWithin(flushMs);
    for (const { response } of this.#running) response.destroy();
    await this.#allClosed();
  }

  async #closedWithin(timeoutMs: number): Promise<void> {
    await Promise.race([this.#allClosed(), setTimeout(timeoutMs, undefined, { ref: false })]);
  }

  async #allClosed(): Promise<void> {
    await Promise.all([...this.#running].map(({ closed }) => closed));
  }
}

interface Running {
  readonly response: ServerResponse;
  readonly controller: AbortController;
  readonly closed: Promise<void>;
}

function stopping(): ApiError {
  return new ApiError('server_stopping', 'The server is stopping. Try again later.');
}

function clientGone(): ApiError {
  return new ApiError('client_closed_request', 'The client went away.');
}
