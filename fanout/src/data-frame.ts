import type { Format } from './message.js';

/**
 * A message as one WebSocket data frame: header and payload in one buffer. What a server sends is not masked, and nothing
 * here is compressed or in parts, so the same bytes go to every viewer. Source: RFC 6455, section 5.2.
 */
export function dataFrame(payload: Uint8Array, format: Format): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + length);
  // The end of the message, and whether it is text or binary.
  frame[0] = 0x80 | (format === 'json' ? 0x1 : 0x2);
  frame[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, 2 + extended);
  return frame;
}
