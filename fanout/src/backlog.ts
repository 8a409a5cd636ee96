const maxEntries = 1_000;

/** Frame results that came live during a replay, at most 1000. Oldest are dropped: history has them by then. */
export class Backlog {
  readonly entries: { readonly frameIndex: number; readonly frame: Buffer }[] = [];

  add(frameIndex: number, frame: Buffer): void {
    this.entries.push({ frameIndex, frame });
    if (this.entries.length > maxEntries) this.entries.shift();
  }

  /** Removes those of lower frame indexes. */
  takeBelow(frameIndex: number): { readonly frameIndex: number; readonly frame: Buffer }[] {
    const at = this.entries.findIndex((entry) => entry.frameIndex >= frameIndex);
    return this.entries.splice(0, at === -1 ? this.entries.length : at);
  }
}
