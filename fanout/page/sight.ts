/** How long something may be out of sight before it counts, so that scrolling past costs nothing. */
const graceMs = 2000;

/** Tells whether an element can be seen: it is on the screen and the page is not hidden. */
export class Sight {
  readonly #observer: IntersectionObserver;
  readonly #changed: (seen: boolean) => void;
  #onScreen = false;
  #timer: number | undefined;

  /** `changed` is called once at the start, and after each change. */
  constructor(element: Element, changed: (seen: boolean) => void) {
    this.#changed = changed;
    this.#observer = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? false;
      this.#tell();
    });
    this.#observer.observe(element);
    document.addEventListener('visibilitychange', this.#tell);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#tell);
  }

  readonly #tell = (): void => {
    clearTimeout(this.#timer);
    if (this.#onScreen && !document.hidden) this.#changed(true);
    else this.#timer = setTimeout(() => this.#changed(false), graceMs);
  };
}
