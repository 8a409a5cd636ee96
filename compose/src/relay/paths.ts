import type { Logger } from '@framebus/contract/service';
import { RtspError } from './status.js';
import type { Stream } from './stream.js';

/** Which stream is on which path. At most `maxPaths`; one more publisher is refused with 503. */
export class Paths {
  readonly #maxPaths: number;
  readonly #log: Logger;
  readonly #streams = new Map<string, Stream>();
  readonly #loggedDrops = new WeakMap<Stream, number>();

  constructor(maxPaths: number, log: Logger) {
    this.#maxPaths = maxPaths;
    this.#log = log;
  }

  get streams(): readonly Stream[] {
    return [...this.#streams.values()];
  }

  /** @throws RtspError 404 */
  get(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new RtspError(404, `nobody publishes ${name}`);
    return stream;
  }

  /** Puts a stream on its path. A publisher that was there is closed, and its readers. @throws RtspError 503 */
  add(stream: Stream): void {
    const { name } = stream;
    const earlier = this.#streams.get(name);
    if (earlier === undefined && this.#streams.size >= this.#maxPaths) {
      throw new RtspError(503, `more than ${this.#maxPaths} paths`);
    }
    this.#streams.set(name, stream);
    this.#log.info({ path: name, publisher: stream.publisher.address }, 'published');
    if (earlier === undefined) return;
    earlier.end('the publisher was replaced');
    earlier.publisher.close('another publisher took the path');
  }

  /** Takes a stream off its path and closes its readers. */
  remove(stream: Stream): void {
    if (this.#streams.get(stream.name) !== stream) return;
    this.#streams.delete(stream.name);
    this.#log.info({ path: stream.name }, 'no longer published');
    stream.end('the publisher left');
  }

  /** One line per path that dropped packets since the last call. */
  logDrops(): void {
    for (const stream of this.streams) {
      const droppedPackets = stream.droppedPackets - (this.#loggedDrops.get(stream) ?? 0);
      if (droppedPackets === 0) continue;
      this.#loggedDrops.set(stream, stream.droppedPackets);
      this.#log.warn({ path: stream.name, droppedPackets }, 'a reader is slow: dropped packets');
    }
  }
}
