import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const oddTexts = [
  ...[
    '',
    ' ',
    '\0',
    '\r\n\r\n',
    '../../etc/passwd',
    '%00',
    '{{7*7}}',
    '<script>',
    "'; --",
    '$(id)',
  ],
  ...['rtsp://', 'rtsp://a@b@c/', '-i', '.', '*', '>', 'a'.repeat(300), 'ü😀\u202e', '\ud800'],
  ...['__proto__', 'constructor', 'null', 'NaN', '1e999', '-0', '0x7f', '99999999999999999999'],
];
const oddNumbers = [
  ...[0, -0, -1, 0.1, 1e-320, 1e308, 2 ** 31, -(2 ** 31), 2 ** 53, -1e308, 65_536],
];

/** How many cases a fuzz test runs: `FUZZ_CASES`, else `fewer`. */
export function fuzzCases(fewer: number): number {
  return Number(process.env.FUZZ_CASES ?? 0) || fewer;
}

/** Hostile input out of a seed: the same seed gives the same on every run. */
export class Fuzz {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to `limit` - 1. (mulberry32) */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  text(): string {
    const odd = this.pick(oddTexts);
    return this.below(3) > 0 ? odd : odd + this.bytes(this.below(40)).toString('latin1');
  }

  /** Text without half of a surrogate pair, which no address can have. */
  wholeText(): string {
    return Buffer.from(this.text()).toString();
  }

  /** Some JSON value, a few levels deep. */
  json(depth = 2): unknown {
    const kind = this.below(depth > 0 ? 7 : 5);
    if (kind === 0) return null;
    if (kind === 1) return this.below(2) === 0;
    if (kind === 2) return this.pick(oddNumbers);
    if (kind < 5) return this.text();
    const values = Array.from({ length: this.below(4) }, () => this.json(depth - 1));
    return kind === 5 ? values : Object.fromEntries(values.map((value) => [this.text(), value]));
  }

  /** A copy in which some bytes are others, are missing, come again or are too many. */
  spoilt(original: Uint8Array, mostEdits = 6): Buffer {
    let bytes: Buffer = Buffer.from(original);
    for (let edits = 1 + this.below(mostEdits); edits > 0; edits -= 1) {
      const at = this.below(bytes.length + 1);
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      const kind = this.below(10);
      if (kind < 5 && at < bytes.length) bytes[at] = this.below(256);
      else if (kind === 5) bytes = Buffer.from(before);
      else if (kind === 6) bytes = Buffer.concat([before, after.subarray(this.below(64))]);
      else if (kind === 7) bytes = Buffer.concat([before, this.bytes(this.below(32)), after]);
      else if (kind === 8) bytes = Buffer.concat([before, after.subarray(0, 256), after]);
      else bytes = Buffer.concat([before, Buffer.alloc(this.below(2_000), this.below(256)), after]);
    }
    return bytes;
  }

  /** A copy of a JSON value in which fields are other values, are missing, or are new. */
  spoiltJson(original: unknown): unknown {
    if (typeof original !== 'object' || original === null || this.below(8) === 0) {
      return this.json();
    }
    const copy = structuredClone(original) as Record<string, unknown>;
    const name = this.pick(Object.keys(copy));
    const kind = this.below(5);
    if (name === undefined || kind === 0) copy[this.text()] = this.json();
    else if (kind === 1) delete copy[name];
    else copy[name] = this.spoiltJson(copy[name]);
    return copy;
  }
}

/** Bytes that this process holds, garbage left out; the least of a second, since buffers are freed late. */
export async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Infinity;
  for (let tries = 0; tries < 10; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    collect();
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

/**
 * Runs `one` for the seeds 0 to `cases` - 1. Returns by how many bytes the process grew after a quarter of them.
 * @throws Error that names the seed of the case that failed
 */
export async function runCases(
  cases: number,
  one: (fuzz: Fuzz, seed: number) => void | Promise<void>,
): Promise<number> {
  let before = 0;
  for (let seed = 0; seed < cases; seed += 1) {
    if (seed === Math.floor(cases / 4)) before = await heldBytes();
    try {
      await one(new Fuzz(seed), seed);
    } catch (cause) {
      throw new Error(`case ${seed}: ${(cause as Error)?.message}`, { cause });
    }
  }
  return (await heldBytes()) - before;
}
