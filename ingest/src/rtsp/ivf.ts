/*
 * IVF, the container in which ffmpeg takes access units whole: its demuxer lets each out at once, where
 * the one for RTSP waits for the next to begin. Format: https://wiki.multimedia.cx/index.php/Duck_IVF
 */

export type IvfCodec = 'h264' | 'hevc';

/** As ffmpeg's ivf demuxer knows them; it has none for HEVC, which must be named with `-c:v hevc`. */
const fourccs: Readonly<Record<IvfCodec, string>> = { h264: 'H264', hevc: 'HEVC' };
const headerBytes = 32;
const frameHeaderBytes = 12;

/** Begins a stream with a time base of 1 ms. The size of pictures is left to the stream itself. */
export function ivfHeader(codec: IvfCodec): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('DKIF', 0);
  header.writeUInt16LE(headerBytes, 6);
  header.write(fourccs[codec], 8);
  header.writeUInt32LE(1_000, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** One access unit with its header, in one piece: each write wakes ffmpeg. `pts`: ms. */
export function ivfFrame(unit: Buffer, pts: number): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + unit.length);
  frame.writeUInt32LE(unit.length, 0);
  frame.writeBigUInt64LE(BigInt(pts), 4);
  unit.copy(frame, frameHeaderBytes);
  return frame;
}
