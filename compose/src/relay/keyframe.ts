import { rtpPayload } from './rtp.js';

/** How a codec's RTP packets carry NAL units. */
interface Packing {
  readonly headerBytes: number;
  readonly type: (first: number) => number;
  readonly aggregate: number;
  readonly fragment: number;
  readonly fragmentTypeMask: number;
  /** Parameter sets, which stand before a key frame, and the key frame's own slices. */
  readonly isKey: (type: number) => boolean;
}

const packings: Readonly<Record<string, Packing>> = {
  // RFC 6184: STAP-A 24, FU-A 28; IDR slice 5, SPS 7.
  H264: {
    headerBytes: 1,
    type: (first) => first & 0x1f,
    aggregate: 24,
    fragment: 28,
    fragmentTypeMask: 0x1f,
    isKey: (type) => type === 5 || type === 7,
  },
  // RFC 7798: AP 48, FU 49; IRAP slices 16 to 23, VPS 32, SPS 33.
  H265: {
    headerBytes: 2,
    type: (first) => (first >> 1) & 0x3f,
    aggregate: 48,
    fragment: 49,
    fragmentTypeMask: 0x3f,
    isKey: (type) => (type >= 16 && type <= 23) || type === 32 || type === 33,
  },
};

/** Whether key frames of this encoding (a name of an SDP's `rtpmap`) can be told from other frames. */
export function hasKeyframes(encoding: string): boolean {
  return Object.hasOwn(packings, encoding);
}

/** Whether decoding can begin at this RTP packet. True for encodings that are not looked into. */
export function startsKeyframe(encoding: string, packet: Buffer): boolean {
  const packing = packings[encoding];
  if (packing === undefined) return true;
  const payload = rtpPayload(packet);
  if (payload.length <= packing.headerBytes) return false;
  const type = packing.type(payload.readUInt8(0));
  if (type === packing.aggregate) return aggregateHasKey(packing, payload);
  if (type !== packing.fragment) return packing.isKey(type);
  const fragment = payload.readUInt8(packing.headerBytes);
  return (fragment & 0x80) !== 0 && packing.isKey(fragment & packing.fragmentTypeMask);
}

function aggregateHasKey(packing: Packing, payload: Buffer): boolean {
  let at = packing.headerBytes;
  while (at + 2 < payload.length) {
    if (packing.isKey(packing.type(payload.readUInt8(at + 2)))) return true;
    at += 2 + payload.readUInt16BE(at);
  }
  return false;
}
