import type { Detection } from '@framebus/contract';

/** Which detections the viewer wants to see. */
export class Filter {
  #minConfidence = 0;
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
