import type { Writable } from 'node:stream';
import { clean } from './text.js';

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly rows?: number };

/**
 * The standard output. A pipe that is full makes a write wait, so nothing piles up here: what is too much waits at
 * the server, which leaves frame results out.
 */
export class Output {
  readonly stream: OutputStream;

  /** @param onGone called when the reader has gone away */
  constructor(stream: OutputStream, onGone: () => void) {
    this.stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      onGone();
    });
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Text for people: control characters in it are shown as `?`. */
  line(text = ''): void {
    this.stream.write(`${clean(text)}\n`);
  }

  /** One JSON value in one line. */
  json(value: unknown): void {
    this.stream.write(`${JSON.stringify(value)}\n`);
  }

  bytes(data: Uint8Array): void {
    this.stream.write(data);
  }
}
