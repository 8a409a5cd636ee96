import { marked, type Token, type Tokens } from 'marked';

/** What two translations of one document have in common: what does not depend on the language. */
export interface Outline {
  readonly headings: readonly { readonly depth: number; readonly text: string }[];
  /** Code blocks without their comments. */
  readonly blocks: readonly { readonly under: string; readonly code: string }[];
  /** Rows by cell; a cell that has words is empty but in the first column. */
  readonly tables: readonly { readonly under: string; readonly rows: readonly string[][] }[];
}

/** Outline of a document in GitHub's Markdown. */
export function outlineOf(markdown: string): Outline {
  const headings: Outline['headings'][number][] = [];
  const blocks: Outline['blocks'][number][] = [];
  const tables: Outline['tables'][number][] = [];
  let under = '';
  const visit = (token: Token) => {
    if (token.type === 'heading') {
      under = `${'#'.repeat(token.depth)} ${token.text}`;
      headings.push({ depth: token.depth, text: under });
    } else if (token.type === 'code') {
      blocks.push({ under, code: withoutComments(token as Tokens.Code) });
    } else if (token.type === 'table') {
      tables.push({ under, rows: (token as Tokens.Table).rows.map(rowOf) });
    }
  };
  marked.walkTokens(marked.lexer(markdown), visit);
  return { headings, blocks, tables };
}

function withoutComments({ lang, text }: Tokens.Code): string {
  if (lang !== 'sh') return text;
  const lines = text.split('\n').map((line) => line.replace(/(^|\s+)#\s.*$/, ''));
  return lines.join('\n').replace(/\n{2,}/g, '\n');
}

function rowOf(cells: readonly Tokens.TableCell[]): string[] {
  return cells.map(({ text }, column) => (column === 0 || isCode(text) ? text : ''));
}

/** Whether nothing but code, figures and marks is there. */
function isCode(text: string): boolean {
  return /^[\d\s,;.]*$/.test(text.replace(/`[^`]*`/g, ''));
}

/**
 * Where a translation has fallen behind, in words; empty when it has not.
 * @param name file of the translation
 */
export function behind(original: Outline, translation: Outline, name: string): string[] {
  return [
    ...differences('heading', original.headings, translation.headings, name, (one, other) =>
      one.depth === other.depth ? undefined : `level ${other.depth} in place of ${one.depth}`,
    ),
    ...differences('code block', original.blocks, translation.blocks, name, (one, other) =>
      firstDifference(one.code.split('\n'), other.code.split('\n')),
    ),
    ...differences('table', original.tables, translation.tables, name, (one, other) =>
      firstDifference(one.rows.map(joined), other.rows.map(joined)),
    ),
  ];
}

const joined = (row: readonly string[]) => row.join(' | ');

type Place = { readonly under: string } | { readonly text: string };

function differences<T extends Place>(
  kind: string,
  originals: readonly T[],
  translations: readonly T[],
  name: string,
  compare: (one: T, other: T) => string | undefined,
): string[] {
  const found: string[] = [];
  if (originals.length !== translations.length) {
    found.push(`${name} has ${translations.length} ${kind}s, the original ${originals.length}`);
  }
  for (const [i, one] of originals.entries()) {
    const other = translations[i];
    const difference = other === undefined ? 'is missing' : compare(one, other);
    if (difference === undefined) continue;
    const place = 'text' in one ? `"${one.text}"` : `under "${one.under}"`;
    found.push(`${kind} ${i + 1} (${place}): ${difference}`);
    // What follows is shifted where one is missing in between.
    break;
  }
  return found;
}

function firstDifference(original: readonly string[], translation: readonly string[]) {
  for (let i = 0; i < Math.max(original.length, translation.length); i++) {
    const [one, other] = [original[i], translation[i]];
    if (one === other) continue;
    return `${JSON.stringify(other ?? 'nothing')} in place of ${JSON.stringify(one ?? 'nothing')}`;
  }
  return undefined;
}
