/** One RTP packet (RFC 3550, section 5.1). */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

const headerBytes = 12;
const bye = 203;

/** Undefined when the bytes are no RTP packet. */
export function parseRtp(bytes: Buffer): RtpPacket | undefined {
  const start = rtpHeaderBytes(bytes);
  if (start === undefined) return undefined;
  const second = bytes.readUInt8(1);
  let end = bytes.length;
  if (bytes.readUInt8(0) & 0x20) {
    const padding = bytes.readUInt8(end - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: second >> 7 === 1,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

/** Bytes of an RTP packet before its payload; undefined when it is none. */
export function rtpHeaderBytes(bytes: Buffer): number | undefined {
  if (bytes.length < headerBytes) return undefined;
  const first = bytes.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  const end = headerBytes + (first & 0x0f) * 4;
  if (!(first & 0x10)) return end;
  return bytes.length < end + 4 ? undefined : end + 4 + bytes.readUInt16BE(end + 2) * 4;
}

/** Whether an RTCP packet says good-bye (RFC 3550, section 6.6). */
export function saysBye(bytes: Buffer): boolean {
  for (let at = 0; at + 4 <= bytes.length && bytes.readUInt8(at) >> 6 === 2; ) {
    if (bytes.readUInt8(at + 1) === bye) return true;
    at += 4 + bytes.readUInt16BE(at + 2) * 4;
  }
  return false;
}
