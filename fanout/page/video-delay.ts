const longestMs = 1000;
/** Results come this much before their frame, so that the next one is there to be nearer. */
const spareMs = 80;
/** Changes smaller than this are not worth a stutter. */
const leastMs = 30;
/** How long a change is given to have an effect before the next. */
const settleMs = 2000;

/** Holds the video back, by its jitter buffer, so that results arrive before the frame that they belong to. */
export class VideoDelay {
  readonly #receiver: RTCRtpReceiver & { jitterBufferTarget?: number | null };
  #targetMs = 0;
  #latenesses: number[] = [];
  #changedAt = performance.now();

  constructor(receiver: RTCRtpReceiver) {
    this.#receiver = receiver;
  }

  /** How long after its own frame was played a result came, in ms; negative when it came before. */
  sawLateness(ms: number): void {
    this.#latenesses.push(ms);
  }

  /** Sets the delay anew; to be called again and again. A browser without `jitterBufferTarget` shows boxes late. */
  adjust(): void {
    const now = performance.now();
    if (now - this.#changedAt < settleMs || this.#latenesses.length === 0) return;
    const sorted = this.#latenesses.toSorted((a, b) => a - b);
    const late = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
    this.#latenesses = [];
    this.#changedAt = now;
    const wanted = Math.min(Math.max(this.#targetMs + late + spareMs, 0), longestMs);
    if (Math.abs(wanted - this.#targetMs) < leastMs) return;
    this.#targetMs = wanted;
    this.#receiver.jitterBufferTarget = wanted;
  }
}
