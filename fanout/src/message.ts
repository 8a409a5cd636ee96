import { pack } from 'msgpackr';
import type { Counters } from './counters.js';
import { dataFrame } from './data-frame.js';

/** WebSocket subprotocols: text JSON, or MessagePack. */
export const formats = ['json', 'msgpack'] as const;
export type Format = (typeof formats)[number];

/** What a viewer asked for. */
export interface View {
  readonly format: Format;
  /** Whether it wants pictures. */
  readonly pictures: boolean;
  /** To which its pictures are scaled, one of `pictureWidths`; null: as they are. In MessagePack alone. */
  readonly width: number | null;
}

/** One message to viewers, encoded and framed at most once a format, whatever the number of viewers. */
export class Message {
  readonly #body: object;
  readonly #counters: Pick<Counters, 'encoded'>;
  readonly #encoded = new Map<Format, Buffer>();

  constructor(body: object, counters: Pick<Counters, 'encoded'>) {
    this.#body = body;
    this.#counters = counters;
  }

  /** See dataFrame. */
  frame(format: Format): Buffer {
    const known = this.#encoded.get(format);
    if (known) return known;
    this.#counters.encoded += 1;
    const frame = encode(this.#body, format);
    this.#encoded.set(format, frame);
    return frame;
  }
}

/** See dataFrame. */
export function encode(body: object, format: Format): Buffer {
  return dataFrame(format === 'json' ? Buffer.from(JSON.stringify(body)) : pack(body), format);
}
