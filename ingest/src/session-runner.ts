import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Reason, SessionEntry, SessionStatus } from '@framebus/contract';
import type { Bus, Logger } from '@framebus/contract/service';
import { Backoff } from './backoff.js';
import { CameraError } from './camera-error.js';
import { type Picture, type ReaderOptions, readCamera } from './camera-reader.js';
import { lastFrameIndex } from './frame-index.js';
import { FramePublisher } from './frame-publisher.js';
import { Lease } from './lease.js';
import type { NatsLink } from './nats-link.js';
import { SessionProgress } from './session-progress.js';
import type { StatusNews, StatusPublisher } from './status-publisher.js';
import type { StopTeller } from './stop-teller.js';
import { StreamInfoTracker } from './stream-info.js';
import type { Timings } from './timings.js';

export interface RunnerSetup {
  readonly bus: Bus;
  readonly link: NatsLink;
  readonly statuses: StatusPublisher;
  readonly stops: StopTeller;
  readonly log: Logger;
  /** Id of this ingest. */
  readonly owner: string;
  /** Id of this process with the NATS services API. */
  readonly instance: string;
  readonly reader: ReaderOptions;
  readonly timings?: Timings;
}

/** A status in words, and what they say (see StatusEvent). */
type StatusWhy = Omit<Extract<StatusNews, { type: 'status' }>, 'type' | 'status'>;

/** The session is to stop, is to run in another way, or this ingest gives it up to others. */
export type EndReason = 'stopped' | 'changed' | 'given up';

/** Runs one session while this ingest holds its lease: reads the camera, again and again, and publishes its frames. */
export class SessionRunner {
  readonly entry: SessionEntry;
  /** Resolves, and never rejects, once camera and lease are let go. */
  readonly ended: Promise<void>;
  readonly #setup: RunnerSetup;
  readonly #progress: SessionProgress;
  readonly #lease: Lease;
  readonly #publisher: FramePublisher;
  readonly #info: StreamInfoTracker;
  readonly #stop = new AbortController();
  #endReason: EndReason | undefined;

  private constructor(
    setup: RunnerSetup,
    entry: SessionEntry,
    progress: SessionProgress,
    lease: Lease,
  ) {
    this.#setup = setup;
    this.entry = entry;
    this.#progress = progress;
    this.#lease = lease;
    this.#publisher = new FramePublisher(setup, progress, () => lease.holds);
    this.#info = new StreamInfoTracker(entry.spec.fps);
    this.ended = this.#run();
  }

  /**
   * Takes the session's lease and runs it; undefined when another ingest has it, or it is no longer to run so.
   * @param seenIndex highest frame index that this ingest saw
   * @param over see Lease.take
   * @throws Error when NATS does not tell enough to begin
   */
  static async take(
    setup: RunnerSetup,
    entry: SessionEntry,
    seenIndex: number,
    over?: number,
  ): Promise<SessionRunner | undefined> {
    const { bus, link, log, owner, instance } = setup;
    const progress = new SessionProgress(entry.session_id, owner, seenIndex, instance);
    const lease = await Lease.take(bus, link, log, () => progress.state(), over);
    if (lease === undefined) return undefined;
    try {
      // A stop that came before the lease found no one who would tell of it.
      const kv = bus.bucket('sessions');
      const [stored, frameCount] = await Promise.all([
        link.answer(() => kv.get(entry.session_id)),
        link.answer(() => lastFrameIndex(bus, entry, seenIndex)),
      ]);
      if (stored?.operation !== 'PUT' || !isDeepStrictEqual(stored.json(), entry)) {
        await lease.release();
        return undefined;
      }
      progress.frameCount = frameCount;
    } catch (error) {
      await lease.release();
      throw error;
    }
    return new SessionRunner(setup, entry, progress, lease);
  }

  /** How far it has come. */
  get progress(): Readonly<SessionProgress> {
    return this.#progress;
  }

  /** Highest frame index. */
  get frameCount(): number {
    return this.#progress.frameCount;
  }

  /** Another may have the session: nothing is published until its lease is renewed. */
  doubt(): void {
    this.#lease.doubt();
  }

  /** Ends the run; `ended` tells when it is over. */
  stop(reason: EndReason): void {
    this.#endReason ??= reason;
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { log } = this.#setup;
    const session_id = this.entry.session_id;
    log.info({ session_id, after_index: this.frameCount }, 'session taken');
    this.#show('pending', { message: 'connecting to the camera', code: 'CAMERA_CONNECTING' });
    await this.#readForEver(AbortSignal.any([this.#stop.signal, this.#lease.lost]));
    await this.#publisher.close();
    if (this.#endReason === 'stopped' && !this.#lease.lost.aborted) {
      await this.#setup.stops.ended(session_id, this.frameCount);
    }
    await this.#lease.release();
    log.info({ session_id, reason: this.#endReason ?? 'lease lost' }, 'session let go');
  }

  async #readForEver(signal: AbortSignal): Promise<void> {
    const { spec } = this.entry;
    const { drops } = this.#progress;
    const onUndecoded = (pictures: number) => {
      drops.undecoded = (drops.undecoded ?? 0) + pictures;
    };
    const reader = { ...this.#setup.reader, onUndecoded };
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      this.#info.restart();
      try {
        await readCamera(spec, reader, signal, (picture) => {
          // What gives pictures is there: the wait grows for a camera that does not.
          backoff.reset();
          this.#take(picture);
        });
      } catch (error) {
        const waitMs = backoff.nextMs();
        this.#fail(error, waitMs);
        await sleep(waitMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  #take({ jpeg, capturedAt, width, height }: Picture): void {
    const progress = this.#progress;
    progress.frameCount += 1;
    progress.capturedFrames += 1;
    Object.assign(progress, { width, height });
    this.#publisher.offer({ frameIndex: progress.frameCount, capturedAt, width, height, jpeg });
    const info = this.#info.see(width, height);
    if (info) void this.#tell({ type: 'stream_info', info });
    if (progress.status !== 'running') this.#show('running', { message: 'frames arrive' });
  }

  #fail(error: unknown, waitMs: number): void {
    const reason: Reason =
      error instanceof CameraError ? error : { code: 'FAILED', message: String(error) };
    const { code, message, details = {} } = reason;
    const session_id = this.entry.session_id;
    this.#setup.timings?.cameraFailed(code);
    this.#setup.log.warn({ session_id, code, reason: message }, 'camera failed');
    this.#progress.fail(reason);
    void this.#tell({ type: 'error', message, code, details });
    const retry_s = Math.ceil(waitMs / 1_000);
    const words = `${message}; trying again in ${retry_s} s`;
    this.#show('reconnecting', { message: words, code, details, retry_s });
  }

  #show(status: SessionStatus, why: StatusWhy): void {
    this.#progress.status = status;
    this.#lease.touch();
    void this.#tell({ type: 'status', status, ...why });
  }

  /** What a process that stood still believes of a session that another has by now is no news. */
  async #tell(news: Parameters<StatusPublisher['publish']>[1]): Promise<void> {
    if (!this.#lease.lasts) return;
    return this.#setup.statuses.publish(this.entry.session_id, news);
  }
}
