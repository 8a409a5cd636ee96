import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body of a request: its announced size, and the ways to read it. */
export class RequestBody {
  /** True when the client waits for "100 Continue" before it sends. */
  readonly announced: boolean;
  readonly lengthBytes: number | undefined;
  readonly chunked: boolean;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #held: Buffer | undefined;
  #invited = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    const { 'content-length': length, 'transfer-encoding': coding, expect } = request.headers;
    this.lengthBytes = length === undefined ? undefined : Number(length);
    this.chunked = coding !== undefined;
    this.announced = expect?.trim().toLowerCase() === '100-continue';
  }

  /** Set once the whole body is in memory. */
  get held(): Buffer | undefined {
    return this.#held;
  }

  /** The stream, for bodies that are not held. */
  stream(): IncomingMessage {
    this.#invite();
    return this.#request;
  }

  /**
   * Reads the whole body into memory; false as soon as it is over `maxBytes`.
   * Never settles when the client goes away.
   */
  hold(maxBytes: number): Promise<boolean> {
    this.#invite();
    const chunks: Buffer[] = [];
    let size = 0;
    return new Promise((resolve) => {
      const settle = (complete: boolean) => {
        this.#request.off('data', read).off('end', end);
        if (complete) this.#held = Buffer.concat(chunks);
        else this.#request.pause();
        resolve(complete);
      };
      const end = () => settle(true);
      const read = (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) settle(false);
      };
      this.#request.on('data', read).on('end', end);
    });
  }

  #invite(): void {
    if (this.announced && !this.#invited) this.#response.writeContinue();
    this.#invited = true;
  }
}
