import type { Output } from './output.js';

/** What a command has to do with the world. */
export interface Context {
  readonly output: Output;
  /** One line to a person, on the standard error. */
  readonly say: (words: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C, or when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Of the process when the command ends without an error. */
  exitCode: number;
}
