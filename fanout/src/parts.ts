/** The parts of a process. Disposal ends them one after another, the last one first. */
export class Parts implements AsyncDisposable {
  readonly #parts: (Disposable | AsyncDisposable)[] = [];

  use<T extends Disposable | AsyncDisposable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      if (Symbol.asyncDispose in part) await part[Symbol.asyncDispose]();
      else part[Symbol.dispose]();
    }
  }
}
