const version = 2;
const fixedHeaderBytes = 12;

/** Whether the bytes can be an RTP or RTCP packet (RFC 3550): version 2 and a whole header. */
export function isRtp(packet: Buffer): boolean {
  return packet.length >= fixedHeaderBytes && packet.readUInt8(0) >> 6 === version;
}

export function isRtcp(packet: Buffer): boolean {
  return packet.length >= 4 && packet.readUInt8(0) >> 6 === version;
}

export function rtpTimestamp(packet: Buffer): number {
  return packet.readUInt32BE(4);
}

/** What follows the header, its contributing sources and its extension; padding is left on. */
export function rtpPayload(packet: Buffer): Buffer {
  const first = packet.readUInt8(0);
  let start = fixedHeaderBytes + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (packet.length < start + 4) return Buffer.alloc(0);
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  return packet.subarray(start);
}
