import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@framebus/contract/service';
import type { NatsConnection } from 'nats';
import type { Cores } from './cores.js';
import type { Model } from './model.js';
import { Neighbours } from './neighbours.js';

const everyMs = 1_000;
/** How long the number of detectors must hold still before the model is loaded anew for it, in ms. */
const settledMs = 5_000;
/** How long neighbours have to answer a new one, in ms. */
const answerMs = 250;

/** Threads of one of `detectors` that share the cores: half are left to decoding, ffmpeg and nats-server. */
export function threadsOf({ count }: Pick<Cores, 'count'>, detectors: number): number {
  return Math.max(1, Math.floor(count / 2 / detectors));
}

/** Gives the model its share of the cores, and another as detectors come and go. */
export class ThreadShare implements Disposable {
  readonly #cores: Cores;
  readonly #neighbours: Neighbours;
  readonly #model: Model;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #detectors = 1;
  #changedAt = 0;
  #threads: number;
  #wanted: number;

  private constructor(
    neighbours: Neighbours,
    cores: Cores,
    model: Model,
    threads: number,
    log: Logger,
  ) {
    this.#neighbours = neighbours;
    this.#cores = cores;
    this.#model = model;
    this.#threads = threads;
    this.#wanted = threads;
    this.#log = log;
  }

  /**
   * Resolves when the model has its share among the detectors that are there.
   * @param threads what the model has now
   * @param fixed it keeps them; the others count it all the same
   */
  static async open(
    connection: NatsConnection,
    cores: Cores,
    model: Model,
    { threads, fixed }: { readonly threads: number; readonly fixed: boolean },
    log: Logger,
  ): Promise<ThreadShare> {
    const neighbours = new Neighbours(connection, cores.pool);
    const share = new ThreadShare(neighbours, cores, model, threads, log);
    if (fixed) return share;
    await sleep(answerMs);
    share.#detectors = neighbours.count;
    await share.#divide();
    share.#timer = setInterval(() => void share.#check(), everyMs).unref();
    return share;
  }

  /** Those that the model has. */
  get threads(): number {
    return this.#threads;
  }

  async #check(): Promise<void> {
    const { count } = this.#neighbours;
    if (count !== this.#detectors) {
      this.#detectors = count;
      this.#changedAt = performance.now();
    } else if (performance.now() - this.#changedAt >= settledMs) {
      await this.#divide();
    }
  }

  async #divide(): Promise<void> {
    const threads = threadsOf(this.#cores, this.#detectors);
    if (threads === this.#wanted) return;
    this.#wanted = threads;
    const facts = { threads, before: this.#threads, detectors: this.#detectors };
    try {
      await this.#model.setThreads(threads);
      this.#threads = threads;
      this.#log.info({ ...facts, cores: this.#cores.count }, 'cores divided anew');
    } catch (error) {
      this.#log.warn({ ...facts, reason: String(error) }, 'model keeps its threads');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#neighbours[Symbol.dispose]();
  }
}
