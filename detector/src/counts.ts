/** Why a ticket gave no event. */
export type DropReason = 'expired' | 'malformed' | 'undecodable' | 'duplicate' | 'lost' | 'failed';

/** What a detector has done since it started, for stats. Times are means over its last frames, in ms, and `mean_batch` over its last inferences. */
export class Counts {
  frames = 0;
  /** Inferences; one has a batch of frames. */
  runs = 0;
  readonly dropped: Record<DropReason, number> = {
    expired: 0,
    malformed: 0,
    undecodable: 0,
    duplicate: 0,
    lost: 0,
    failed: 0,
  };
  #batch = 0;
  #prepareMs = 0;
  #inferenceMs = 0;
  #ageMs = 0;

  drop(reason: DropReason): undefined {
    this.dropped[reason]++;
  }

  ran(frames: number): void {
    this.runs++;
    this.#batch += (frames - this.#batch) / Math.min(this.runs, 50);
  }

  analysed(prepareMs: number, inferenceMs: number, ageMs: number): void {
    this.frames++;
    const weight = 1 / Math.min(this.frames, 50);
    this.#prepareMs += weight * (prepareMs - this.#prepareMs);
    this.#inferenceMs += weight * (inferenceMs - this.#inferenceMs);
    this.#ageMs += weight * (ageMs - this.#ageMs);
  }

  toJSON(): Record<string, unknown> {
    return {
      frames: this.frames,
      runs: this.runs,
      /** Frames of an inference. */
      mean_batch: this.#batch,
      dropped: this.dropped,
      prepare_ms: this.#prepareMs,
      inference_ms: this.#inferenceMs,
      /** From capture to published event. */
      age_ms: this.#ageMs,
    };
  }
}
