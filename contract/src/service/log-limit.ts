const everyMs = 1_000;
/** Lines of one message a second, whatever their causes: 500 cameras may lose NATS at once. */
const mostLines = 20;
const mostCauses = 1_000;

interface Told {
  at: number;
  lines: number;
  left: number;
}

/**
 * Lets a line of each cause through once a second, and 20 lines of a message; what is left out is counted. Keeps at
 * most 1,000 causes and forgets those that came up longest ago.
 */
export class LogLimit {
  readonly #told = new Map<string, Told>();

  /** How many lines were left out since the last; undefined when this one is to be left out too. */
  pass(message: string, cause: string, now = performance.now()): number | undefined {
    const own = this.#at(`${message}\n${cause}`, now);
    const all = this.#at(message, now);
    if (own.lines >= 1 || all.lines >= mostLines) {
      own.left += 1;
      return undefined;
    }
    own.lines += 1;
    all.lines += 1;
    const { left } = own;
    own.left = 0;
    return left;
  }

  #at(key: string, now: number): Told {
    const told = this.#told.get(key) ?? { at: now, lines: 0, left: 0 };
    if (now - told.at >= everyMs) Object.assign(told, { at: now, lines: 0 });
    this.#told.delete(key);
    this.#told.set(key, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > mostCauses && oldest !== undefined) this.#told.delete(oldest);
    return told;
  }
}
