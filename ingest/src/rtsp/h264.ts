import type { NalFormat, NalKind } from './access-unit.js';

const [stapA, fuA] = [24, 28];

/** H.264 over RTP, packetization modes 0 and 1 (RFC 6184): single NAL units, STAP-A and FU-A. */
export class H264Format implements NalFormat {
  /** SPS and PPS. */
  readonly parameterSetTypes = [7, 8];
  #fragments: Buffer[] = [];
  #type = 0;

  get unfinished(): boolean {
    return this.#fragments.length > 0;
  }

  reset(): void {
    this.#fragments = [];
  }

  typeOf(nal: Buffer): number {
    return nal.readUInt8(0) & 0x1f;
  }

  kindOf(nal: Buffer): NalKind {
    const type = this.typeOf(nal);
    if (this.parameterSetTypes.includes(type)) return 'parameter set';
    if (type === 5) return 'key slice';
    return type >= 1 && type <= 4 ? 'slice' : 'other';
  }

  /** first_mb_in_slice is 0: a single bit of 1 in Exp-Golomb. */
  startsPicture(slice: Buffer): boolean {
    return slice.length > 1 && slice.readUInt8(1) >= 0x80;
  }

  unpack(payload: Buffer): Buffer[] | undefined {
    if (payload.length === 0) return [];
    const type = this.typeOf(payload);
    if (type === fuA) return this.#unpackFragment(payload);
    if (this.unfinished) return undefined;
    if (type === stapA) return splitAggregate(payload.subarray(1), 1);
    return type >= 1 && type <= 23 ? [payload] : undefined;
  }

  #unpackFragment(payload: Buffer): Buffer[] | undefined {
    if (payload.length < 3) return undefined;
    const indicator = payload.readUInt8(0);
    const header = payload.readUInt8(1);
    const [starts, ends, type] = [(header & 0x80) !== 0, (header & 0x40) !== 0, header & 0x1f];
    if (starts === this.unfinished || (!starts && type !== this.#type)) return undefined;
    if (starts) this.#fragments.push(Buffer.from([(indicator & 0xe0) | type]));
    this.#type = type;
    this.#fragments.push(payload.subarray(2));
    if (!ends) return [];
    const nal = Buffer.concat(this.#fragments);
    this.reset();
    return [nal];
  }
}

/** Splits what follows the header of an aggregation packet: 16 bit of size, then the NAL unit. */
export function splitAggregate(bytes: Buffer, minNalBytes: number): Buffer[] | undefined {
  const nals: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return undefined;
    const size = bytes.readUInt16BE(at);
    at += 2;
    if (size < minNalBytes || at + size > bytes.length) return undefined;
    nals.push(bytes.subarray(at, at + size));
    at += size;
  }
  return nals.length > 0 ? nals : undefined;
}
