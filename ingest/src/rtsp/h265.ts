import type { NalFormat, NalKind } from './access-unit.js';
import { splitAggregate } from './h264.js';

const [aggregation, fragmentation, highestNalType] = [48, 49, 47];

/** H.265 over RTP (RFC 7798) without DONL fields: single NAL units, AP and FU. */
export class H265Format implements NalFormat {
  /** VPS, SPS and PPS. */
  readonly parameterSetTypes = [32, 33, 34];
  #fragments: Buffer[] = [];
  #type = 0;

  get unfinished(): boolean {
    return this.#fragments.length > 0;
  }

  reset(): void {
    this.#fragments = [];
  }

  typeOf(nal: Buffer): number {
    return (nal.readUInt8(0) >> 1) & 0x3f;
  }

  kindOf(nal: Buffer): NalKind {
    const type = this.typeOf(nal);
    if (this.parameterSetTypes.includes(type)) return 'parameter set';
    if (type >= 16 && type <= 23) return 'key slice';
    return type <= 31 ? 'slice' : 'other';
  }

  /** first_slice_segment_in_pic_flag. */
  startsPicture(slice: Buffer): boolean {
    return slice.length > 2 && slice.readUInt8(2) >= 0x80;
  }

  unpack(payload: Buffer): Buffer[] | undefined {
    if (payload.length === 0) return [];
    if (payload.length < 3) return undefined;
    const type = this.typeOf(payload);
    if (type === fragmentation) return this.#unpackFragment(payload);
    if (this.unfinished) return undefined;
    if (type === aggregation) return splitAggregate(payload.subarray(2), 2);
    return type <= highestNalType ? [payload] : undefined;
  }

  #unpackFragment(payload: Buffer): Buffer[] | undefined {
    if (payload.length < 4) return undefined;
    const header = payload.readUInt8(2);
    const [starts, ends, type] = [(header & 0x80) !== 0, (header & 0x40) !== 0, header & 0x3f];
    if (starts === this.unfinished || (!starts && type !== this.#type)) return undefined;
    if (starts) {
      const first = (payload.readUInt8(0) & 0x81) | (type << 1);
      this.#fragments.push(Buffer.from([first, payload.readUInt8(1)]));
    }
    this.#type = type;
    this.#fragments.push(payload.subarray(3));
    if (!ends) return [];
    const nal = Buffer.concat(this.#fragments);
    this.reset();
    return [nal];
  }
}
