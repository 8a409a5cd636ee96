import type { RtpPacket } from './rtp.js';

/** One picture as the camera coded it. */
export interface AccessUnit {
  /** NAL units with start codes (Annex B). */
  readonly bytes: Buffer;
  /** ms since the epoch at which its first packet arrived; each unit's is more than the one's before. */
  readonly pts: number;
  readonly key: boolean;
}

export type NalKind = 'parameter set' | 'key slice' | 'slice' | 'other';

/** How a codec's NAL units travel in RTP. */
export interface NalFormat {
  readonly parameterSetTypes: readonly number[];
  /** A NAL unit has begun whose end has not come. */
  readonly unfinished: boolean;
  /** Forgets an unfinished NAL unit. */
  reset(): void;
  typeOf(nal: Buffer): number;
  kindOf(nal: Buffer): NalKind;
  /** Whether a slice is the first of its picture. */
  startsPicture(slice: Buffer): boolean;
  /** The NAL units that a packet completes; undefined when the packet is wrong. */
  unpack(payload: Buffer): Buffer[] | undefined;
}

const startCode = Buffer.from([0, 0, 0, 1]);
const maxUnitBytes = 8 * 1024 * 1024;
/** What a NAL unit takes besides its bytes, so that many small ones are bounded too. */
const nalOverheadBytes = 64;
/** A stream without key frames (intra refresh) begins anyway after this. */
const keyWaitMs = 5_000;
/** A packet that is so little behind the newest is an old one, one further behind a new count. */
const oldPackets = 256;

/**
 * Puts packets together to access units, first a key frame. A unit that lacks a packet, is over 8 MiB or
 * holds what is no NAL unit is dropped, and so is all that follows up to the next key frame or for 5 s.
 *
 * A unit ends at its marker bit. Markers are believed once a unit was seen to carry one at its end and
 * nowhere else, and no more once a slice follows one; then a unit ends where the timestamp changes.
 */
export class AccessUnitAssembler {
  /** Units dropped; what came before the first key frame does not count. */
  dropped = 0;
  readonly #format: NalFormat;
  readonly #onUnit: (unit: AccessUnit) => void;
  readonly #parameterSets = new Map<number, readonly Buffer[]>();
  #nals: Buffer[] = [];
  #bytes = 0;
  #arrivedAt = 0;
  #damaged = false;
  #headUnsure = false;
  #hasSlice = false;
  #marked = false;
  #handedOut = false;
  #timestamp: number | undefined;
  #sequence: number | undefined;
  #ssrc: number | undefined;
  #markers: 'unknown' | 'right' | 'wrong' = 'unknown';
  #started = false;
  #waitingSince: number | undefined;
  #waiting = true;
  #lastPts = 0;

  /** @param parameterSets NAL units that the SDP brought, for key frames that come without */
  constructor(
    format: NalFormat,
    parameterSets: readonly Buffer[],
    onUnit: (unit: AccessUnit) => void,
  ) {
    this.#format = format;
    this.#onUnit = onUnit;
    this.#keepParameterSets(parameterSets);
  }

  /** @param arrivedAt ms since the epoch */
  push(packet: RtpPacket, arrivedAt: number): void {
    const lost = this.#lost(packet);
    if (lost === 'old') return;
    this.#waitingSince ??= arrivedAt;
    // What is missing may be the end of this unit, unless that was seen.
    if (lost && !this.#handedOut) this.#damage(arrivedAt);
    if (packet.timestamp !== this.#timestamp) this.#endTimestamp();
    if (lost) this.#lose(arrivedAt);
    if (this.#timestamp === undefined) {
      this.#timestamp = packet.timestamp;
      this.#arrivedAt = arrivedAt;
    }
    this.#bytes += packet.payload.length;
    const nals = this.#format.unpack(packet.payload);
    if (nals === undefined || this.#bytes > maxUnitBytes) this.#damage(arrivedAt);
    else for (const nal of nals) this.#add(nal, arrivedAt);
    if (!packet.marker || this.#format.unfinished) return;
    if (this.#hasSlice) this.#marked = true;
    if (this.#marked && this.#markers === 'right') this.#handOut();
  }

  /** Whether packets are missing before this one. */
  #lost({ sequence, ssrc }: RtpPacket): boolean | 'old' {
    const before = this.#sequence;
    const restarted = this.#ssrc !== undefined && this.#ssrc !== ssrc;
    const behind = before === undefined ? 0 : (before - sequence) & 0xffff;
    if (!restarted && before !== undefined && behind < oldPackets) return 'old';
    this.#sequence = sequence;
    this.#ssrc = ssrc;
    return restarted || (before !== undefined && sequence !== ((before + 1) & 0xffff));
  }

  #add(nal: Buffer, arrivedAt: number): void {
    if (this.#damaged) return;
    const kind = this.#format.kindOf(nal);
    const slice = kind === 'slice' || kind === 'key slice';
    if (slice && this.#marked) {
      this.#markers = 'wrong';
      // Its first part is gone already.
      if (this.#handedOut) return this.#damage(arrivedAt);
    }
    if (slice && !this.#hasSlice && this.#headUnsure && !this.#format.startsPicture(nal)) {
      return this.#damage(arrivedAt);
    }
    this.#hasSlice ||= slice;
    this.#bytes += nalOverheadBytes;
    this.#nals.push(nal);
  }

  #damage(arrivedAt: number): void {
    this.#damaged = true;
    this.#nals = [];
    this.#lose(arrivedAt);
  }

  /** From here on a key frame is needed, the unit that begins now or a later one. */
  #lose(arrivedAt: number): void {
    this.#headUnsure = true;
    this.#format.reset();
    if (!this.#waiting) this.#waitingSince = arrivedAt;
    this.#waiting = true;
  }

  #endTimestamp(): void {
    if (this.#format.unfinished) this.#damage(this.#arrivedAt);
    if (this.#marked && this.#markers === 'unknown' && !this.#damaged) this.#markers = 'right';
    const begun = this.#hasSlice || (this.#damaged && this.#timestamp !== undefined);
    if (begun && !this.#handedOut) this.#handOut();
    // Parameter sets may have a timestamp of their own; they belong to the picture that follows.
    this.#nals = this.#nals.filter((nal) => this.#format.kindOf(nal) === 'parameter set');
    this.#bytes = this.#nals.reduce((sum, nal) => sum + nal.length + nalOverheadBytes, 0);
    this.#timestamp = undefined;
    this.#damaged = false;
    this.#headUnsure = false;
    this.#marked = false;
    this.#handedOut = false;
  }

  #handOut(): void {
    const nals = this.#nals;
    const wasDamaged = this.#damaged;
    this.#nals = [];
    this.#bytes = 0;
    this.#hasSlice = false;
    this.#handedOut = true;
    if (wasDamaged) {
      if (this.#started) this.dropped += 1;
      return;
    }
    this.#keepParameterSets(nals);
    const key = nals.some((nal) => this.#format.kindOf(nal) === 'key slice');
    const waitedMs = this.#arrivedAt - (this.#waitingSince ?? this.#arrivedAt);
    const begins = this.#waiting && (key || waitedMs >= keyWaitMs) && this.#canDecode();
    if (this.#waiting && !begins) {
      if (this.#started) this.dropped += 1;
      return;
    }
    this.#waiting = false;
    this.#started = true;
    const bytes = annexB(key || begins ? [...this.#missingSets(nals), ...nals] : nals);
    this.#lastPts = Math.max(this.#lastPts + 1, this.#arrivedAt);
    this.#onUnit({ bytes, pts: this.#lastPts, key: key || begins });
  }

  #keepParameterSets(nals: readonly Buffer[]): void {
    for (const type of this.#format.parameterSetTypes) {
      const sets = nals.filter((nal) => this.#format.typeOf(nal) === type);
      // Copies: a set must not keep the chunk alive that it came in.
      if (sets.length > 0)
        this.#parameterSets.set(
          type,
          sets.map((set) => Buffer.from(set)),
        );
    }
  }

  #canDecode(): boolean {
    return this.#format.parameterSetTypes.every((type) => this.#parameterSets.has(type));
  }

  #missingSets(nals: readonly Buffer[]): readonly Buffer[] {
    const brought = new Set(nals.map((nal) => this.#format.typeOf(nal)));
    return this.#format.parameterSetTypes
      .filter((type) => !brought.has(type))
      .flatMap((type) => this.#parameterSets.get(type) ?? []);
  }
}

function annexB(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [startCode, nal]));
}
