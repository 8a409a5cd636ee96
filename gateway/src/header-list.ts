/** Headers in their order and spelling; names are compared without case. */
export class HeaderList {
  #pairs: [name: string, value: string][] = [];

  /** @param raw name, value, name, value, as in `IncomingMessage.rawHeaders` */
  constructor(raw: readonly string[] = []) {
    for (let i = 0; i + 1 < raw.length; i += 2) this.append(raw[i] as string, raw[i + 1] as string);
  }

  /** Every value of this name. */
  all(name: string): readonly string[] {
    const lower = name.toLowerCase();
    return this.#pairs.filter(([n]) => n.toLowerCase() === lower).map(([, value]) => value);
  }

  /** The values joined as a list, or undefined with none. */
  get(name: string): string | undefined {
    const values = this.all(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  append(name: string, value: string): void {
    this.#pairs.push([name, value]);
  }

  set(name: string, value: string): void {
    this.delete(name);
    this.append(name, value);
  }

  delete(name: string): void {
    const lower = name.toLowerCase();
    this.#pairs = this.#pairs.filter(([n]) => n.toLowerCase() !== lower);
  }

  /** Sets what the other list has; `Vary` is added to. */
  merge(other: HeaderList): void {
    for (const [name] of other.#pairs) if (name.toLowerCase() !== 'vary') this.delete(name);
    this.#pairs.push(...other.#pairs);
  }

  toRaw(): string[] {
    return this.#pairs.flat();
  }
}
