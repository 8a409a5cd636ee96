import type { Target } from './target.js';

/** The targets of a service; each request goes to the one with the least to do. */
export class Balancer {
  readonly name: string;
  readonly targets: readonly Target[];
  #first = 0;

  constructor(name: string, targets: readonly Target[]) {
    this.name = name;
    this.targets = targets;
  }

  /**
   * The available target with the fewest connections for its weight, with one more then; equals
   * take turns. Undefined when none is available.
   */
  take(): Target | undefined {
    const { length } = this.targets;
    let best: Target | undefined;
    for (let i = 0; i < length; i++) {
      const target = this.targets[(this.#first + i) % length] as Target;
      if (!target.available) continue;
      if (best === undefined || load(target) < load(best)) best = target;
    }
    this.#first = (this.#first + 1) % Math.max(1, length);
    best?.take();
    return best;
  }
}

function load({ connections, weight }: Target): number {
  return (connections + 1) / weight;
}
