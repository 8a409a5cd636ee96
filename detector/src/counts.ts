/** Why a ticket gave no event. */
export type DropReason = 'expired' | 'malformed' | 'undecodable' | 'duplicate' | 'lost' | 'failed';

/** What a detector has done since it started, for stats. Times are means over its last frames, in ms. */
export class Counts {
  frames = 0;
  readonly dropped: Record<DropReason, number> = {
    expired: 0,
    malformed: 0,
    undecodable: 0,
    duplicate: 0,
    lost: 0,
    failed: 0,
  };
  #prepareMs = 0;
  #inferenceMs = 0;
  #ageMs = 0;

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
      dropped: this.dropped,
      prepare_ms: this.#prepareMs,
      inference_ms: this.#inferenceMs,
      /** From capture to published event. */
      age_ms: this.#ageMs,
    };
  }
}
