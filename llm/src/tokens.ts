/** How many tokens the text has: runs of anything but white space. */
export function countTokens(text: string): number {
  const word = /\S+/g;
  let count = 0;
  while (word.test(text)) count += 1;
  return count;
}

/**
 * The tokens of a text that begins with one, each with the white space before it and the last
 * with that behind it, so that together they are the text. Lazy: a text may have millions.
 */
export function* tokensOf(text: string): Generator<string> {
  for (const [token] of text.matchAll(/\s*\S+(?:\s+$)?/g)) yield token;
}

/** The text up to the end of its first `count` tokens. */
export function firstTokens(text: string, count: number): string {
  const word = /\S+/g;
  for (let seen = 0; seen < count; seen += 1) {
    if (!word.test(text)) return text;
  }
  return text.slice(0, word.lastIndex);
}
