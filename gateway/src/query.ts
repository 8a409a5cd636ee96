/** The query of a URL, kept as it was written but for what is taken out. */
export class Query {
  #pairs: readonly string[];

  /** @param raw without its "?"; undefined with no query */
  constructor(raw: string | undefined) {
    this.#pairs = raw === undefined ? [] : raw.split('&');
  }

  /** Every value of this name, decoded. A name without "=" has no value. */
  all(name: string): readonly string[] {
    return this.#pairs.flatMap((pair) => {
      const [key = '', ...value] = pair.split('=');
      return decode(key) === name && value.length > 0 ? [decode(value.join('='))] : [];
    });
  }

  delete(name: string): void {
    this.#pairs = this.#pairs.filter((pair) => decode(pair.split('=')[0] ?? '') !== name);
  }

  /** With its "?", or empty. */
  toString(): string {
    return this.#pairs.length === 0 ? '' : `?${this.#pairs.join('&')}`;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
