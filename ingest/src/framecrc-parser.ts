/** What ffmpeg wrote is not framecrc lines and pictures. */
export class FramecrcError extends Error {
  override readonly name = 'FramecrcError';
  readonly code = 'FRAMECRC_INVALID';
}

const framePattern = /^0,\s*-?\d+,\s*(-?\d+),\s*-?\d+,\s*(\d+),\s*0x[0-9a-f]{8}(?:,.*)?$/;
const maxLineBytes = 4_096;

/**
 * Reads what ffmpeg's tee of framecrc and image2pipe writes to one pipe: for each picture a line
 * `0, dts, pts, duration, size, 0xcrc`, then `size` bytes. Lines that begin with `#` are the header.
 * Holds one picture at most, of `maxFrameBytes`.
 */
export class FramecrcParser {
  readonly #maxFrameBytes: number;
  readonly #onPicture: (pts: number, bytes: Buffer) => void;
  #line = '';
  #pts = 0;
  #missingBytes = 0;
  #parts: Buffer[] = [];

  /** @param onPicture called with the pts, in the time base of the output, and bytes of their own */
  constructor(onPicture: (pts: number, bytes: Buffer) => void, maxFrameBytes = 32 * 1024 * 1024) {
    this.#onPicture = onPicture;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** @throws FramecrcError, after which the parser is of no more use */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#missingBytes > 0 ? this.#takeBytes(rest) : this.#takeLine(rest);
    }
  }

  #takeBytes(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#missingBytes);
    this.#parts.push(part);
    this.#missingBytes -= part.length;
    if (this.#missingBytes === 0) {
      const bytes = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#onPicture(this.#pts, bytes);
    }
    return chunk.subarray(part.length);
  }

  #takeLine(chunk: Buffer): Buffer {
    const end = chunk.indexOf(0x0a);
    this.#line += chunk.toString('latin1', 0, end === -1 ? chunk.length : end);
    if (this.#line.length > maxLineBytes) {
      throw new FramecrcError(`a line of more than ${maxLineBytes} bytes`);
    }
    if (end === -1) return chunk.subarray(chunk.length);
    this.#readLine(this.#line);
    this.#line = '';
    return chunk.subarray(end + 1);
  }

  #readLine(line: string): void {
    if (line.startsWith('#')) return;
    const found = framePattern.exec(line);
    if (found === null) {
      throw new FramecrcError(`not a framecrc line: ${JSON.stringify(line.slice(0, 80))}`);
    }
    const size = Number(found[2]);
    if (size === 0 || size > this.#maxFrameBytes) {
      throw new FramecrcError(
        `a picture of ${size} bytes; at most ${this.#maxFrameBytes} are read`,
      );
    }
    this.#pts = Number(found[1]);
    this.#missingBytes = size;
  }
}
