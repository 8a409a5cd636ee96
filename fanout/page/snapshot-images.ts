import type { Api } from './api.js';
import { find } from './element.js';

/** A picture is made a moment after its alert: how long a new one is waited for, and then again. */
const againMs = [800, 3_000];
/** An alert is new for so long. */
const newMs = 10_000;

/** Pictures of alerts in a list: fetched when their row comes into sight, let go with it. */
export class SnapshotImages {
  readonly #api: Api;
  readonly #observer: IntersectionObserver;
  readonly #wanted = new Map<Element, readonly [sessionId: string, frameIndex: number]>();

  constructor(list: HTMLElement, api: Api) {
    this.#api = api;
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries)
          if (isIntersecting) void this.#load(target);
      },
      { root: list, rootMargin: '200px' },
    );
  }

  follow(row: HTMLElement, sessionId: string, frameIndex: number): void {
    this.#wanted.set(row, [sessionId, frameIndex]);
    this.#observer.observe(row);
  }

  forget(row: HTMLElement): void {
    this.#wanted.delete(row);
    this.#observer.unobserve(row);
    const { src } = find(row, 'img', HTMLImageElement);
    if (src !== '') URL.revokeObjectURL(src);
  }

  async #load(row: Element): Promise<void> {
    const wanted = this.#wanted.get(row);
    this.#observer.unobserve(row);
    if (wanted === undefined) return;
    const isNew = Date.now() - Number((row as HTMLElement).dataset['capturedAt']) < newMs;
    for (const waitMs of isNew ? againMs : [0]) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const blob = await this.#api.snapshot(...wanted);
      if (!this.#wanted.has(row)) return;
      if (blob !== null) {
        find(row, 'img', HTMLImageElement).src = URL.createObjectURL(blob);
        return;
      }
    }
  }
}
