import { normalizePath } from './path.js';

// Rust's regex crate, with which Kong's router matches, has neither.
const lookAround = /\(\?<?[=!]/;
const backReference = /\\[1-9]|\\k</;

/** What is wrong with a route's regular expression (without its `~`), if anything. */
export function regexMistake(source: string): string | undefined {
  if (!source.startsWith('/')) return 'expected ~/ at the beginning';
  if (lookAround.test(source)) return "Kong's router has no look-around";
  if (backReference.test(source)) return "Kong's router has no back-references";
  try {
    pathRegex(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is wrong with a route's path prefix, if anything. */
export function prefixMistake(prefix: string): string | undefined {
  if (!prefix.startsWith('/')) return 'expected / or ~/ at the beginning';
  if (!/^[\w\-.~/%@:!$&'()*+,;=]*$/.test(prefix)) return 'expected a path, or ~ before a pattern';
  if (normalizePath(prefix) !== prefix) return `expected ${normalizePath(prefix)}`;
  return undefined;
}

/** Matches at the beginning of a path. */
export function pathRegex(source: string): RegExp {
  return new RegExp(`^(?:${source.replaceAll('(?P<', '(?<')})`);
}
