import { readFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Declaration, declarationSchema, type WrittenDeclaration } from './schema.js';

/** @throws ConfigError */
export async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: Error) => {
    throw new ConfigError([`KONG_CONFIG: ${error.message}`]);
  });
}

export interface ParsedDeclaration {
  readonly declaration: Declaration;
  /** As it stands in the text, defaults left out. */
  readonly written: WrittenDeclaration;
}

/** @param file name of the file, for mistakes. @throws ConfigError with every mistake and its place */
export function parseDeclaration(text: string, file: string): ParsedDeclaration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const place = (offset: number) => `${file}:${lines.linePos(offset).line}`;
    throw new ConfigError(document.errors.map((e) => `${place(e.pos[0])} ${e.message}`));
  }
  const content = contentOf(document, file);
  const result = declarationSchema.safeParse(content);
  if (result.success) return { declaration: result.data, written: content };
  const line = (path: readonly PropertyKey[]) => lines.linePos(offsetOf(document, path)).line;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const path = placeOf(issue);
      return `${file}:${line(path)} ${written(path)}: ${issue.message}`;
    }),
  );
}

/** @throws ConfigError for aliases that name nothing, or unfold to more than the library allows */
function contentOf(document: Document, file: string): WrittenDeclaration {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError([`${file} ${(error as Error).message}`]);
  }
}

/** The path to a mistake: to the field itself where it is one that is not known. */
function placeOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const [unknownField] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return unknownField === undefined ? issue.path : [...issue.path, unknownField];
}

/** Where the node of a path stands in the text, or the nearest one above it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function written(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return parts.join('').replace(/^\./, '') || 'the file';
}
