/** Listeners that are closed together. */
export class Opened implements AsyncDisposable {
  readonly #listeners: AsyncDisposable[] = [];

  add<T extends AsyncDisposable>(listener: T): T {
    this.#listeners.push(listener);
    return listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }
}
