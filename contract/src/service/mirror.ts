import { setTimeout as sleep } from 'node:timers/promises';
import type { KvEntry, QueuedIterator } from 'nats';
import { type BucketName, buckets } from '../streams.js';
import type { Bus } from './bus.js';
import type { Logger } from './log.js';

export interface Mirrored<T> {
  readonly value: T;
  readonly revision: number;
  /** When the server stored it, in ms of `performance.now()` of this process. */
  readonly storedAt: number;
}

/** Called after each change of a key, with its new entry; undefined when it was removed. */
export type OnChange<T> = (key: string, entry: Mirrored<T> | undefined) => void;

/**
 * A copy in memory of a KV bucket with JSON values, kept by a watch that is opened anew after each reconnect.
 * Bounded by the bucket. An entry that the server let expire stays here until it is stored anew (see `storedAt`), but
 * no longer than `forgetAfterMs`.
 */
export class Mirror<T> implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #bucket: BucketName;
  readonly #log: Logger;
  readonly #onChange: OnChange<T>;
  readonly #forgetAfterMs: number;
  /** Oldest first. */
  #entries = new Map<string, Mirrored<T>>();
  #watch: QueuedIterator<KvEntry> | undefined;
  #closed = false;
  #running: Promise<void> = Promise.resolve();
  readonly #offRedeclared: () => void;

  private constructor(
    bus: Bus,
    bucket: BucketName,
    log: Logger,
    onChange: OnChange<T>,
    forgetAfterMs: number,
  ) {
    this.#bus = bus;
    this.#bucket = bucket;
    this.#log = log;
    this.#onChange = onChange;
    this.#forgetAfterMs = buckets[bucket].ttlMs > 0 ? forgetAfterMs : Number.POSITIVE_INFINITY;
    this.#offRedeclared = bus.onRedeclared(() => this.#watch?.stop());
  }

  /**
   * Resolves when the present entries are there; `onChange` was called for each of them by then.
   * @param forgetAfterMs age at which entries go, in a bucket whose entries expire
   */
  static async open<T>(
    bus: Bus,
    bucket: BucketName,
    log: Logger,
    onChange: OnChange<T> = () => {},
    forgetAfterMs = 600_000,
  ): Promise<Mirror<T>> {
    const mirror = new Mirror<T>(bus, bucket, log, onChange, forgetAfterMs);
    await new Promise<void>((resolve) => {
      mirror.#running = mirror.#run(resolve);
    });
    return mirror;
  }

  get(key: string): Mirrored<T> | undefined {
    return this.#entries.get(key);
  }

  get entries(): ReadonlyMap<string, Mirrored<T>> {
    return this.#entries;
  }

  async #run(onReady: () => void): Promise<void> {
    while (!this.#closed) {
      try {
        const before = this.#entries;
        const fresh = new Map<string, Mirrored<T>>();
        let ready = false;
        this.#watch = await this.#bus.bucket(this.#bucket).watch({
          initializedFn: () => {
            ready = true;
            this.#entries = fresh;
            for (const key of new Set([...before.keys(), ...fresh.keys()])) {
              this.#onChange(key, fresh.get(key));
            }
            onReady();
          },
        });
        // Disposal may have come while the watch was being opened.
        if (this.#closed) this.#watch.stop();
        for await (const entry of this.#watch) {
          this.#apply(fresh, entry);
          if (!ready) continue;
          this.#onChange(entry.key, fresh.get(entry.key));
          this.#forget(performance.now() - this.#forgetAfterMs);
        }
      } catch (error) {
        if (!this.#closed) {
          this.#log.warn({ bucket: this.#bucket, reason: String(error) }, 'watch failed');
        }
      }
      if (!this.#closed) await sleep(100);
    }
  }

  /** A session that is never seen again must not stay here for ever. */
  #forget(before: number): void {
    for (const [key, { storedAt }] of this.#entries) {
      if (storedAt >= before) return;
      this.#entries.delete(key);
      this.#onChange(key, undefined);
    }
  }

  #apply(entries: Map<string, Mirrored<T>>, entry: KvEntry): void {
    entries.delete(entry.key);
    if (entry.operation !== 'PUT') return;
    try {
      const ageMs = Math.max(0, Date.now() - entry.created.getTime());
      entries.set(entry.key, {
        value: entry.json<T>(),
        revision: entry.revision,
        storedAt: performance.now() - ageMs,
      });
    } catch (error) {
      const { key } = entry;
      this.#log.warn({ bucket: this.#bucket, key, reason: String(error) }, 'entry is not JSON');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#offRedeclared();
    this.#watch?.stop();
    await this.#running;
  }
}
