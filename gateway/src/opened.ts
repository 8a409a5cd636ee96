/** Listeners that are closed together, and what watches in the meantime. */
export class Opened implements AsyncDisposable {
  readonly #listeners: AsyncDisposable[] = [];
  readonly #watchers: Disposable[] = [];

  add<T extends AsyncDisposable>(listener: T): T {
    this.#listeners.push(listener);
    return listener;
  }

  keep(watcher: Disposable): void {
    this.#watchers.push(watcher);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watcher of this.#watchers) watcher[Symbol.dispose]();
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }
}
