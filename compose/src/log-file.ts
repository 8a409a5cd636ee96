import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

/**
 * What a process prints, in a file of at most `maxBytes`: a full one becomes `<path>.1`, in place of the one before,
 * so the newest lines are always there. Begins anew each time.
 */
export class LogFile implements Disposable {
  readonly path: string;
  readonly #maxBytes: number;
  #file: number;
  #bytes = 0;

  constructor(path: string, maxBytes = 8 * 1024 * 1024) {
    this.path = path;
    this.#maxBytes = maxBytes;
    this.#file = openSync(path, 'w');
  }

  write(chunk: Uint8Array): void {
    if (this.#bytes + chunk.length > this.#maxBytes) {
      closeSync(this.#file);
      renameSync(this.path, `${this.path}.1`);
      this.#file = openSync(this.path, 'w');
      this.#bytes = 0;
    }
    this.#bytes += writeSync(this.#file, chunk);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
