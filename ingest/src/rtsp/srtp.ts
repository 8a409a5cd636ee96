import { timingSafeEqual } from 'node:crypto';
import { CameraError } from '../camera-error.js';
import type { SrtpKeys } from './mikey.js';
import { rtpHeaderBytes } from './rtp.js';
import { crypt, type SessionKeys, sessionKeys, tagBytes, tagOf } from './srtp-cipher.js';

/** Sources of a track whose packets are counted; of more, the first is forgotten. */
const maxSources = 16;
/** Packets in a row that do not fit the key. */
const maxBroken = 100;
const rtcpHeaderBytes = 8;
const turn = 0x1_0000;

/**
 * Opens the SRTP and SRTCP packets of one track: AES_CM_128_HMAC_SHA1_80 (RFC 3711). Packets come in order inside
 * a connection, so one that is not newer than the last is taken for a replay. What is not authentic is
 * dropped; the access units that it was of are then missing, and counted, as others are.
 */
export class SrtpReader {
  readonly #mkiBytes: number;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #rollOvers: ReadonlyMap<number, number>;
  /** The last packet's index, by SSRC. */
  readonly #last = new Map<number, number>();
  #broken = 0;

  constructor(keys: SrtpKeys) {
    this.#mkiBytes = keys.mkiBytes;
    this.#rollOvers = keys.rollOvers;
    this.#rtp = sessionKeys(keys, 0);
    this.#rtcp = sessionKeys(keys, 3);
  }

  /** The RTP packet inside, or undefined. @throws CameraError when nothing fits the key */
  openRtp(packet: Buffer): Buffer | undefined {
    const start = rtpHeaderBytes(packet);
    const end = packet.length - this.#mkiBytes - tagBytes;
    if (start === undefined || start > end) return this.#refuse();
    const ssrc = packet.readUInt32BE(8);
    const signed = Buffer.alloc(end + 4);
    packet.copy(signed, 0, 0, end);
    const index = this.#indexes(ssrc, packet.readUInt16BE(2)).find((index) => {
      signed.writeUInt32BE(Math.floor(index / turn) % 2 ** 32, end);
      return this.#isAuthentic(this.#rtp, signed, packet);
    });
    if (index === undefined) return this.#refuse();
    this.#broken = 0;
    if (index <= (this.#last.get(ssrc) ?? -1)) return undefined;
    this.#last.delete(ssrc);
    this.#last.set(ssrc, index);
    const [oldest] = this.#last.keys();
    if (this.#last.size > maxSources && oldest !== undefined) this.#last.delete(oldest);
    const payload = crypt(this.#rtp, ssrc, index, packet.subarray(start, end));
    return Buffer.concat([packet.subarray(0, start), payload]);
  }

  /** The RTCP packet inside, or undefined. @throws CameraError when nothing fits the key */
  openRtcp(packet: Buffer): Buffer | undefined {
    const signed = packet.subarray(0, Math.max(packet.length - this.#mkiBytes - tagBytes, 0));
    const end = signed.length - 4;
    if (end < rtcpHeaderBytes || !this.#isAuthentic(this.#rtcp, signed, packet)) {
      return this.#refuse();
    }
    this.#broken = 0;
    const index = signed.readUInt32BE(end);
    const encrypted = index >= 2 ** 31;
    if (!encrypted) return signed.subarray(0, end);
    const body = signed.subarray(rtcpHeaderBytes, end);
    const plain = crypt(this.#rtcp, packet.readUInt32BE(4), index - 2 ** 31, body);
    return Buffer.concat([packet.subarray(0, rtcpHeaderBytes), plain]);
  }

  /** What the index of a packet may be, likeliest first (section 3.3.1). */
  #indexes(ssrc: number, sequence: number): readonly number[] {
    const last = this.#last.get(ssrc);
    if (last === undefined) {
      // The counter may have turned since it was told.
      const first = (this.#rollOvers.get(ssrc) ?? 0) * turn + sequence;
      return [first, first + turn];
    }
    const near = last - (last % turn) + sequence;
    if (last - near > turn / 2) return [near + turn];
    return [near - last > turn / 2 ? near - turn : near].filter((index) => index >= 0);
  }

  #isAuthentic(keys: SessionKeys, signed: Buffer, packet: Buffer): boolean {
    return timingSafeEqual(tagOf(keys, signed), packet.subarray(-tagBytes));
  }

  #refuse(): undefined {
    this.#broken += 1;
    if (this.#broken < maxBroken) return undefined;
    throw new CameraError('CAMERA_BROKEN', 'what the camera sends does not fit the key it gave');
  }
}
