import type { Detection } from '@framebus/contract';

/** Which detections the viewer wants to see, and how. */
export class Filter {
  #minConfidence = 0;
  #labels = true;
  #trails = false;
  readonly #hidden = new Set<string>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** 0 to 1. */
  get minConfidence(): number {
    return this.#minConfidence;
  }

  set minConfidence(value: number) {
    this.#minConfidence = value;
    this.#changed();
  }

  /** Whether boxes have labels. */
  get labels(): boolean {
    return this.#labels;
  }

  set labels(wanted: boolean) {
    this.#labels = wanted;
    this.#changed();
  }

  /** Whether it is shown where objects were. */
  get trails(): boolean {
    return this.#trails;
  }

  set trails(wanted: boolean) {
    this.#trails = wanted;
    this.#changed();
  }

  shows(className: string): boolean {
    return !this.#hidden.has(className);
  }

  show(classNames: readonly string[], wanted: boolean): void {
    for (const name of classNames) {
      if (wanted) this.#hidden.delete(name);
      else this.#hidden.add(name);
    }
    this.#changed();
  }

  apply(detections: readonly Detection[]): Detection[] {
    return detections.filter(
      ({ class_name, confidence }) => confidence >= this.#minConfidence && this.shows(class_name),
    );
  }
}
