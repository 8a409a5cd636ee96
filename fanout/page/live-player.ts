import { t } from './language.js';
import type { Picture } from './picture.js';
import { PlayoutClock } from './playout-clock.js';
import { TimedResults } from './timed-results.js';
import { VideoDelay } from './video-delay.js';
import { WhepError, WhepSession } from './whep.js';

const measureEveryMs = 500;
/** Without a packet for so long the video has failed: at first, and once it has played. */
const patienceMs = { connecting: 10_000, playing: 3_000 } as const;

export interface LiveSource {
  readonly endpoint: string;
  readonly user: string | null;
  readonly password: string | null;
}

/** Plays a camera's video under its picture's canvas, and draws each result when the video comes to its time. */
export class LivePlayer {
  readonly #video = document.createElement('video');
  readonly #picture: Picture;
  readonly #failed: (why: string) => void;
  readonly #session: WhepSession;
  readonly #clock = new PlayoutClock();
  readonly #results = new TimedResults();
  readonly #delay: VideoDelay;
  readonly #timer: number;
  #packets = 0;
  #lastPacketAt = performance.now();
  #playing = false;
  #disposed = false;
  /** When the frame that is shown was sent, in ms since the epoch. */
  #sentAt: number | null = null;
  #offMs: number | null = null;

  /** `started` is called with the first picture, `failed` once, in words; then it is to be disposed. */
  constructor(
    source: LiveSource,
    picture: Picture,
    started: () => void,
    failed: (why: string) => void,
  ) {
    this.#picture = picture;
    this.#failed = failed;
    const { endpoint, user, password } = source;
    this.#session = new WhepSession(user === null ? '' : basic(user, password ?? ''), () =>
      this.#fail(this.#nothingCame()),
    );
    this.#delay = new VideoDelay(this.#session.receiver);
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.ariaHidden = 'true';
    this.#video.srcObject = new MediaStream([this.#session.track]);
    this.#video.addEventListener('loadeddata', () => {
      if (this.#disposed) return;
      this.#playing = true;
      picture.element.before(this.#video);
      picture.follow((result) => this.#take(result));
      started();
    });
    this.#video.requestVideoFrameCallback(this.#drawBoxes);
    this.#timer = setInterval(() => void this.#measure(), measureEveryMs);
    void this.#open(endpoint);
  }

  /** How far in time the boxes are from the video's frame, in ms, on average; null while that is not known. */
  get offMs(): number | null {
    return this.#offMs;
  }

  dispose(): void {
    this.#disposed = true;
    clearInterval(this.#timer);
    if (this.#playing) this.#picture.follow(null);
    this.#video.srcObject = null;
    this.#video.remove();
    this.#session.dispose();
  }

  async #open(endpoint: string): Promise<void> {
    try {
      await this.#session.open(endpoint);
      await this.#video.play();
    } catch (error) {
      this.#fail(error instanceof WhepError ? error.message : t('live.notPlayed'));
    }
  }

  #fail(why: string): void {
    if (!this.#disposed) this.#failed(why);
  }

  #take(result: Parameters<TimedResults['push']>[0]): void {
    this.#results.push(result);
    if (this.#sentAt === null) this.#picture.showBoxes(result);
    else this.#delay.sawLateness(this.#sentAt - result.captured_at);
  }

  readonly #drawBoxes = (_now: number, frame: VideoFrameCallbackMetadata) => {
    if (this.#disposed) return;
    this.#video.requestVideoFrameCallback(this.#drawBoxes);
    this.#sentAt = this.#clock.sentAt(frame);
    if (this.#sentAt === null) return;
    const result = this.#results.nearest(this.#sentAt);
    if (result === null) return;
    this.#picture.showBoxes(result);
    const offMs = Math.abs(this.#sentAt - result.captured_at);
    this.#offMs = this.#offMs === null ? offMs : this.#offMs + 0.1 * (offMs - this.#offMs);
  };

  async #measure(): Promise<void> {
    const report = await this.#session.stats();
    this.#clock.update(report);
    this.#delay.adjust();
    const now = performance.now();
    const packets = packetsOf(report);
    if (packets !== this.#packets) this.#lastPacketAt = now;
    this.#packets = packets;
    const patience = this.#playing ? patienceMs.playing : patienceMs.connecting;
    if (now - this.#lastPacketAt > patience) this.#fail(this.#nothingCame());
  }

  #nothingCame(): string {
    if (this.#playing) return t('live.ended');
    return t('live.nothing');
  }
}

function packetsOf(report: RTCStatsReport): number {
  let packets = 0;
  for (const stats of report.values()) {
    if (stats.type === 'inbound-rtp') packets += stats.packetsReceived ?? 0;
  }
  return packets;
}

function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
