import type { Detection } from '@framebus/contract';
import { colourOf } from './palette.js';

/** The classes seen so far, by name. Bounded by what the model can name. */
export class Classes {
  readonly #ids = new Map<string, number>();
  readonly #added: () => void;

  /** `added` is called after classes were seen for the first time. */
  constructor(added: () => void) {
    this.#added = added;
  }

  see(detections: readonly Detection[]): void {
    const before = this.#ids.size;
    for (const { class_id, class_name } of detections) {
      if (!this.#ids.has(class_name)) this.#ids.set(class_name, class_id);
    }
    if (this.#ids.size > before) this.#added();
  }

  /** In the order of the alphabet. */
  names(): string[] {
    return [...this.#ids.keys()].sort((a, b) => a.localeCompare(b));
  }

  /** Null for a class that no frame has shown. */
  colourOf(name: string): string | null {
    const id = this.#ids.get(name);
    return id === undefined ? null : colourOf(id);
  }
}
